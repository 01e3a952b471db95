"use strict";
// One press is enough: a form that was sent waits for its answer.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) setTimeout(() => { button.disabled = true; });
  });
}

// In a menu that is wider than the screen, where one is stands in sight.
for (const here of document.querySelectorAll(".menu [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });

// What was typed comes back where the answer was that something in it is wrong.
const SENT = "sent", FRESH_MS = 900000;
const asked = (form) => [...form.elements].filter((one) => one.name && !["hidden", "file", "submit"].includes(one.type));
const ticked = (one) => one.type === "radio" || one.type === "checkbox";
function keep(form) {
  const values = asked(form).map((one) => (ticked(one) ? one.checked : one.value));
  sessionStorage.setItem(SENT, JSON.stringify({ at: Date.now(), to: form.getAttribute("action"), who: form.elements.athlete?.value, values }));
}
function bringBack() {
  const sent = JSON.parse(sessionStorage.getItem(SENT) || "null");
  if (!sent) return;
  if (document.querySelector("section[role=alert]")) {
    sessionStorage.setItem(SENT, JSON.stringify({ ...sent, failed: true }));
    return;
  }
  sessionStorage.removeItem(SENT);
  if (!sent.failed || Date.now() - sent.at > FRESH_MS) return;
  for (const form of document.querySelectorAll("form[method=post]")) {
    const fields = asked(form);
    if (form.getAttribute("action") !== sent.to || form.elements.athlete?.value !== sent.who || fields.length !== sent.values.length) continue;
    fields.forEach((one, n) => {
      if (ticked(one)) one.checked = sent.values[n];
      else one.value = sent.values[n];
      if (sent.values[n] && !(ticked(one) && !one.checked)) one.closest("details")?.setAttribute("open", "");
    });
  }
}
for (const form of document.querySelectorAll("form[method=post]")) form.addEventListener("submit", () => keep(form));
bringBack();
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form button")) button.disabled = false;
});

const drop = document.getElementById("drop");
if (drop) {
  const list = document.getElementById("dropped");
  const choose = document.getElementById("choose");
  const send = async (file) => {
    const line = list.appendChild(document.createElement("li"));
    line.textContent = `${file.name}: copying`;
    try {
      const answer = await fetch(drop.dataset.to, {
        method: "POST",
        body: file,
        headers: { "X-CSRF-Token": drop.dataset.token, "X-File-Name": encodeURIComponent(file.name), "Content-Type": "application/octet-stream" },
      });
      const said = await answer.json();
      line.textContent = answer.ok ? `${said.name}: ${said.said}` : `${file.name}: ${said.what} ${said.what_to_do}`;
    } catch {
      line.textContent = `${file.name}: the server did not answer. Is it still running?`;
    }
  };
  const sendAll = async (files) => { for (const file of files) await send(file); };
  choose.addEventListener("change", () => sendAll([...choose.files]));
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    sendAll([...event.dataTransfer.files]);
  });
}

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/worker.js").catch(() => {});
const offline = document.getElementById("offline");
if (offline) {
  fetch("/static/manifest.json?now", { cache: "no-store" }).catch(() => {
    offline.hidden = false;
    for (const button of document.querySelectorAll("form[method=post] button, #drop input")) button.disabled = true;
  });
}
