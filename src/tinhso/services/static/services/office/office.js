/* What makes the officials' pages quicker; every one of them works without. */
(() => {
  "use strict";
  const here = () => document.querySelector("[data-row][data-here] [data-row-link]");
  const refused = document.getElementById("tu-choi");

  /* Stand on the open case's line, so that j and k go on from it; on what was refused, if something was. */
  if (refused) refused.focus();
  else if (here() && document.activeElement === document.body) here().focus({ preventScroll: true });
  document.querySelectorAll("[data-row][data-here]").forEach((row) => row.scrollIntoView({ block: "nearest" }));

  /* A key or a click that opens an act puts the cursor where one types. */
  document.addEventListener("toggle", (event) => {
    const act = event.target;
    if (!act.open || !act.matches(".act, .act-note")) return;
    document.querySelectorAll(".act[open]").forEach((other) => {
      if (other !== act && !other.contains(act)) other.open = false;
    });
    const field = act.querySelector("textarea, input:not([type=hidden])");
    const first = act.querySelector("input[type=checkbox], input[type=radio]") || field;
    if (first) first.focus();
  }, true);

  /* Say at once what the applicant will read. */
  const preview = (form) => {
    const target = form.querySelector("[data-preview]");
    if (!target) return;
    const papers = [...form.querySelectorAll("[data-says]:checked")].map((box) => box.dataset.says);
    const parts = papers.length ? [`${target.dataset.lead || "Cần bổ sung:"} ${papers.join("; ")}.`] : [];
    form.querySelectorAll("[data-sentence]:checked").forEach((box) => parts.push(box.dataset.sentence));
    const own = form.querySelector("textarea").value.trim();
    if (own) parts.push(own);
    target.hidden = parts.length === 0;
    target.querySelector("span").textContent = parts.join(" ");
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest(".act-form");
    if (form) preview(form);
  });
  document.querySelectorAll(".act-form").forEach(preview);

  /* A paper is opened when it has really come: a picture when it was drawn, a PDF when one comes back from it. */
  const papersAgain = () => {
    const papers = document.querySelector("[data-papers]");
    if (!papers) return;
    fetch(papers.dataset.papers, { headers: { "HX-Target": "ho-so", "HX-Request": "true" } })
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then((text) => {
        const fresh = new DOMParser().parseFromString(text, "text/html");
        fresh.querySelectorAll("[data-file]").forEach((item) => {
          const mark = item.querySelector("[data-mark-opened]");
          const old = papers.querySelector(`[data-file="${item.dataset.file}"] [data-mark-opened]`);
          if (mark && old) old.replaceWith(mark);
        });
        const hint = document.querySelector("[data-unopened]");
        const now = fresh.querySelector("[data-unopened]");
        if (hint && now) hint.replaceWith(now);
        else if (hint && fresh.querySelector("#viec")) hint.remove();
      })
      .catch(() => {});
  };
  document.addEventListener("load", (event) => {
    if (event.target.matches && event.target.matches("details[data-file] img")) papersAgain();
  }, true);
  let away = false;
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[data-file]")) away = true;
  });
  window.addEventListener("focus", () => {
    if (away) papersAgain();
    away = false;
  });

  /* Mark the line one stands on for doing several at once. */
  const mark = document.querySelector("[data-mark]");
  if (mark) {
    mark.hidden = false;
    mark.addEventListener("mousedown", (event) => event.preventDefault());
    mark.addEventListener("click", () => {
      const row = document.querySelector("[data-row][aria-current]") || document.querySelector("[data-row]");
      const box = row && row.querySelector("input[type=checkbox]");
      if (!box) return;
      box.checked = !box.checked;
      const door = row.querySelector("[data-row-link]");
      if (door) door.focus({ preventScroll: true });
    });
  }

  /* When a case is loaded beside the list, it is the open one. */
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "ho-so") return;
    document.querySelectorAll("[data-here]").forEach((row) => {
      row.removeAttribute("data-here");
      row.classList.remove("queue-open");
    });
    const link = [...document.querySelectorAll("[data-row-link]")].find((door) => door.pathname === location.pathname);
    const row = link && link.closest("[data-row]");
    if (row) {
      row.dataset.here = "";
      row.classList.add("queue-open");
    }
    const desk = document.querySelector(".desk");
    if (desk) desk.classList.replace("desk-list", "desk-open");
    document.querySelectorAll(".act-form").forEach(preview);
    const title = document.getElementById("dossier-title");
    if (title) document.title = title.textContent.trim();
    if (getComputedStyle(document.querySelector(".desk-queue")).display === "none") {
      document.getElementById("ho-so").focus();
      window.scrollTo(0, 0);
    }
  });

  /* Count the seconds left to take a decision back; then the offer goes. */
  const undo = document.querySelector("[data-undo]");
  if (undo) {
    const end = performance.now() + Number(undo.dataset.undo) * 1000;
    const left = undo.querySelector("[data-undo-left]");
    const tick = setInterval(() => {
      const seconds = Math.ceil((end - performance.now()) / 1000);
      if (seconds > 0) left.textContent = seconds;
      else {
        clearInterval(tick);
        undo.remove();
      }
    }, 250);
  }
})();
