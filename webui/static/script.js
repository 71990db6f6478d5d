/* Extras only: every page works without this file. */
(() => {
  "use strict";

  // Enter that confirms a kana-kanji conversion must not search (Safari reports keyCode 229).
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)
        && event.target.tagName === "INPUT") {
      event.preventDefault();
    }
  }, true);

  // Copy buttons appear only where copying works.
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    const source = document.getElementById(button.dataset.copy);
    const told = document.createElement("span");
    told.setAttribute("role", "status");
    told.className = "copied";
    button.after(told);
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.textContent.trim());
      told.textContent = "✓ " + button.dataset.done;
      setTimeout(() => { told.textContent = ""; }, 4000);
    });
  }

  // Completions of the search box; the browser's own list shows them.
  for (const form of document.querySelectorAll("[data-suggest]")) {
    const input = form.querySelector("input[name=q]");
    const list = document.createElement("datalist");
    list.id = input.id + "-list";
    form.append(list);
    input.setAttribute("list", list.id);
    let timer = 0;
    let asked = "";
    const suggest = async () => {
      const text = input.value.trim();
      if (!text || text === asked) return;
      asked = text;
      const answer = await fetch("/api/v1/suggest?q=" + encodeURIComponent(text));
      if (!answer.ok || text !== asked) return;
      const [, found] = await answer.json();
      list.replaceChildren(...found.map((value) => {
        const option = document.createElement("option");
        option.value = value;
        return option;
      }));
    };
    input.addEventListener("input", (event) => {
      clearTimeout(timer);
      if (!event.isComposing) timer = setTimeout(suggest, 200);
    });
    input.addEventListener("compositionend", () => { timer = setTimeout(suggest, 200); });
  }
})();
