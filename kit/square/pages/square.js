// What is only a comfort: the pages do everything without it.
"use strict";

document.documentElement.classList.add("scripted");

// The Square counts, so that here and there the same text counts the same.
for (const form of document.querySelectorAll(".writer")) {
  const text = form.elements.text;
  const shown = form.querySelector("[data-count]");
  const warning = form.querySelector("[data-warning]");
  const longest = Number(shown.dataset.count);
  let waiting;

  async function count() {
    const asked = text.value;
    const said = new URLSearchParams({ form_token: form.elements.form_token.value, text: asked });
    const answer = await fetch("/count", { method: "POST", body: said });
    if (!answer.ok) return;
    const { weight } = await answer.json();
    if (asked !== text.value) return; // a later answer is on its way, or has come already
    shown.textContent = weight;
    form.classList.toggle("over", weight > longest);
    const left = longest - weight;
    warning.textContent =
      left < 0 ? `${-left} characters too many` : left <= 20 ? `${left} characters left` : "";
  }

  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(count, 250);
  });
}

for (const code of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.className = "button soft copy";
  button.type = "button";
  button.textContent = "Copy the code";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  });
  code.after(button);
}
