"use strict";
// Keeps the pages that were seen, so that the last ones can be read while the server is not running.
const NAME = "steadymile-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin || address.searchParams.has("key")) return;
  event.respondWith((async () => {
    const kept = await caches.open(NAME);
    try {
      const answer = await fetch(request);
      if (answer.status === 403) await caches.delete(NAME); // no longer let in: nothing stays here
      else if (answer.ok && !answer.redirected && !["said", "now"].some((name) => address.searchParams.has(name))) await kept.put(request, answer.clone());
      return answer;
    } catch (error) {
      const found = await kept.match(request);
      if (found) return found;
      if (request.mode === "navigate" && address.pathname + address.search !== "/" && await kept.match("/")) return Response.redirect("/");
      throw error;
    }
  })());
});
