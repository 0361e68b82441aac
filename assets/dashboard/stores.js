// The looks of a store: a picture from a file, a colour from a picker, and the preview that follows what is typed. Without
// it, all but the picture works.
"use strict";

(() => {
  const form = document.getElementById("branding");
  if (!form) return;
  const buttons = ["light", "dark"].map((scheme) => document.getElementById(`preview-${scheme}`));
  let chosen = buttons[matchMedia("(prefers-color-scheme: dark)").matches ? 1 : 0];
  let waiting = 0;

  const press = () => buttons.forEach((button) => button.setAttribute("aria-pressed", button === chosen));
  const show = () => form.requestSubmit(chosen);
  const showSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 300);
  };

  buttons.forEach((button) =>
    button.addEventListener("click", () => {
      chosen = button;
      press();
    }),
  );
  form.addEventListener("input", showSoon);

  const colour = document.getElementById("colour");
  const picker = document.getElementById("colour-picker");
  picker.hidden = false;
  picker.addEventListener("input", () => {
    colour.value = picker.value;
  });
  colour.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(colour.value)) picker.value = colour.value;
  });

  const file = form.querySelector("[data-picture-into]");
  const mistake = document.getElementById("logo-mistake");
  file.addEventListener("change", async () => {
    const field = document.getElementById(file.dataset.pictureInto);
    const [picture] = file.files;
    const isTooLong = picture && picture.size > Number(file.dataset.bytesMax);
    mistake.textContent = isTooLong ? file.dataset.tooLong : "";
    mistake.hidden = !isTooLong;
    field.value = "";
    if (picture && !isTooLong) {
      const bytes = new Uint8Array(await picture.arrayBuffer());
      let text = "";
      for (const byte of bytes) text += String.fromCharCode(byte);
      field.value = btoa(text);
    }
    show();
  });

  press();
  show();
})();
