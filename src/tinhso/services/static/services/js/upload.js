// Send chosen files at once, in pieces that survive a broken connection, photographs made smaller first.
// Without this script the form sends the files whole when a button is pressed.
"use strict";
(() => {
  const form = document.querySelector("form[data-uploads]");
  if (!form || !window.fetch || !window.createImageBitmap) return;
  const PIECE = 128 * 1024;
  const LONGEST = 2000; // px: an A4 page stays readable
  const TRIES = 8;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token };
  const encode = (text) => {
    let bytes = "";
    new TextEncoder().encode(text).forEach((byte) => { bytes += String.fromCharCode(byte); });
    return btoa(bytes);
  };
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  async function smaller(file) {
    if (!/^image\/(jpeg|png)$/.test(file.type) || file.size < 300 * 1024) return file;
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const ratio = Math.min(1, LONGEST / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * ratio);
      canvas.height = Math.round(image.height * ratio);
      const paper = canvas.getContext("2d");
      paper.fillStyle = "#fff";
      paper.fillRect(0, 0, canvas.width, canvas.height);
      paper.drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      return file; // the server will say what is wrong with it
    }
  }

  async function standing(url) {
    const answer = await fetch(url, { method: "HEAD", headers });
    if (!answer.ok) throw new Error("gone");
    return Number(answer.headers.get("Upload-Offset"));
  }

  async function send(file, component, tell) {
    const begun = await fetch(form.dataset.uploads, {
      method: "POST",
      headers: {
        ...headers,
        "Upload-Length": String(file.size),
        "Upload-Metadata": `filename ${encode(file.name)},component ${encode(component)},draft ${encode(form.dataset.draft)}`,
      },
    });
    if (begun.status !== 201) throw new Error(await begun.text());
    const url = begun.headers.get("Location");
    let offset = 0;
    let failed = 0;
    while (offset < file.size) {
      tell(offset, file.size, failed > 0);
      try {
        const answer = await fetch(url, {
          method: "PATCH",
          headers: { ...headers, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
          body: file.slice(offset, offset + PIECE),
        });
        if (answer.status === 422) throw Object.assign(new Error(await answer.text()), { final: true });
        if (answer.status !== 204) throw new Error(String(answer.status));
        offset = Number(answer.headers.get("Upload-Offset"));
        failed = 0;
      } catch (trouble) {
        if (trouble.final || ++failed > TRIES) throw trouble;
        await pause(Math.min(500 * 2 ** failed, 20000));
        try { offset = await standing(url); } catch { /* still away: the same piece again */ }
      }
    }
  }

  function board(input) {
    const box = document.createElement("div");
    box.className = "progress";
    box.setAttribute("role", "status");
    const label = document.createElement("p");
    label.className = "progress-label";
    const words = document.createElement("span");
    const bar = document.createElement("progress");
    label.append(words);
    box.append(label, bar);
    input.after(box);
    return {
      tell(name) {
        return (done, all, again) => {
          words.textContent = `${again ? form.dataset.saidAgain : form.dataset.saidSending}: ${name}`;
          bar.max = all;
          bar.value = done;
          bar.setAttribute("aria-label", words.textContent);
        };
      },
      fail(said) {
        bar.remove();
        words.textContent = said;
      },
    };
  }

  form.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches("input[type=file]") || !input.files.length) return;
    const component = input.closest("[data-component]").dataset.component;
    const place = board(input);
    input.disabled = true;
    try {
      for (const file of input.files) {
        const small = await smaller(file);
        await send(small, component, place.tell(file.name));
      }
      location.reload();
    } catch (trouble) {
      const said = trouble.final || (trouble.message && trouble.message.length > 12 && trouble.message.length < 200);
      place.fail(said ? trouble.message : form.dataset.saidLost);
      input.value = "";
      input.disabled = false;
    }
  });
})();
