// Look again after a while where the page waits for something; without this script the reader presses the link.
"use strict";
(() => {
  const spot = document.querySelector("[data-reload]");
  if (!spot) return;
  const tried = Number(sessionStorage.getItem(location.pathname) || "0");
  if (tried > 30) return;
  sessionStorage.setItem(location.pathname, String(tried + 1));
  setTimeout(() => location.reload(), (Number(spot.dataset.reload) + tried / 2) * 1000);
})();
