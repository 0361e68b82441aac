// What every page of the dashboard does besides: copying, files into fields, forms that post themselves, dialogs. Nothing
// here is needed to use a page.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-dialog], [data-close]");
  if (!button) return;
  if (button.dataset.copy !== undefined) {
    const source = button.dataset.copy ? document.getElementById(button.dataset.copy) : button.previousElementSibling;
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1500);
  } else if (button.dataset.dialog) {
    document.getElementById(button.dataset.dialog).showModal();
    event.preventDefault();
  } else {
    button.closest("dialog").close();
  }
});

document.addEventListener("change", async (event) => {
  const { target } = event;
  // The text of a chosen file goes into the field that is posted.
  if (target.matches("[data-file-into]") && target.files[0]) {
    const field = document.getElementById(target.dataset.fileInto);
    field.value = await target.files[0].text();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (target.matches("[data-posts]")) target.form.requestSubmit();
});

// A switch of stores closes when something else is clicked.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.switch[open], details.menu[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
