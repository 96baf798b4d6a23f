/* The officials' keyboard. Pages declare data-row, data-key, data-filter, data-search, data-help; nothing here knows
   a page. Every key presses a link or a button that the pointer can press too. */
(() => {
  "use strict";
  const STORE = "tinhso.letters";
  const help = document.getElementById("key-help");
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  const doorOf = (row) => row.querySelector("[data-row-link]") || row.querySelector("a[href], button") || row;
  let place = { id: null, index: -1 };

  const lettersOn = () => {
    try { return localStorage.getItem(STORE) !== "off"; } catch { return true; }
  };
  const typing = (target) =>
    target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])");

  const mark = (row) => {
    document.querySelectorAll("[data-row][aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
    place = { id: row.dataset.row, index: rows().indexOf(row) };
  };

  const go = (row) => {
    const door = doorOf(row);
    if (door === row) row.tabIndex = -1;
    door.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.dataset.row === place.id);
    const from = here >= 0 ? here : Math.min(place.index, all.length) - (place.index >= 0 && by > 0 ? 1 : 0);
    go(all[Math.max(0, Math.min(all.length - 1, from + by))]);
  };

  const focusOn = (selector) => {
    const target = document.querySelector(selector);
    if (!target) return false;
    target.focus();
    if (target.select) target.select();
    return true;
  };

  const nameOf = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd").forEach((cap) => cap.remove());
    return element.getAttribute("aria-label") || copy.textContent.trim();
  };

  const openHelp = () => {
    if (!help || help.open) return;
    const list = help.querySelector("[data-key-list]");
    list.querySelectorAll("[data-own]").forEach((line) => line.remove());
    document.querySelectorAll("[data-key]").forEach((element) => {
      const line = document.createElement("div");
      const cap = document.createElement("kbd");
      const term = document.createElement("dt");
      const says = document.createElement("dd");
      line.dataset.own = "";
      cap.textContent = element.dataset.key;
      says.textContent = nameOf(element);
      term.append(cap);
      line.append(term, says);
      list.append(line);
    });
    help.showModal();
  };

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) mark(row);
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      if (focusOn("[data-search]")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || (help && help.open)) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (!lettersOn()) return;
    const act = {
      j: () => step(1),
      k: () => step(-1),
      "/": () => focusOn("[data-filter]"),
      "?": openHelp,
    }[event.key];
    if (act) {
      event.preventDefault();
      act();
      return;
    }
    const button = [...document.querySelectorAll("[data-key]")].find(
      (element) => element.dataset.key === event.key && !element.disabled && element.offsetParent !== null,
    );
    if (button) {
      event.preventDefault();
      button.focus();
      button.click();
    }
  });

  /* After a part of the page was swapped, stand where one stood, or on the row that took its place. */
  document.addEventListener("htmx:afterSettle", () => {
    if (place.id === null || (document.activeElement && document.activeElement !== document.body)) return;
    const all = rows();
    const row = all.find((item) => item.dataset.row === place.id) || all[Math.min(place.index, all.length - 1)];
    if (row) go(row);
  });

  document.querySelectorAll("[data-help]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", openHelp);
  });
  const letters = document.querySelector("[data-key-letters]");
  if (letters) {
    letters.checked = lettersOn();
    letters.addEventListener("change", () => {
      try { localStorage.setItem(STORE, letters.checked ? "on" : "off"); } catch { /* private window: this page only */ }
    });
  }
})();
