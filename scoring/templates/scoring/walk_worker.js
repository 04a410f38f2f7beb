/* An inspection's page and what it is made of, kept on the phone for a reload without a net. The net goes first; what it
   refuses (signed out, handed in, not hers) is kept no longer. */
"use strict";
const KEPT = "jifen-walk";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const asked = new URL(event.request.url);
  if (event.request.method !== "GET" || asked.origin !== self.location.origin) { return; }
  if (event.request.mode === "navigate" || asked.pathname.startsWith("{{ static }}")) {
    event.respondWith(answered(event.request, asked.pathname));
  }
});

async function answered(request, path) {
  const kept = await caches.open(KEPT);
  let answer;
  try {
    answer = await fetch(request);
  } catch (lost) {
    const found = await kept.match(path, { ignoreSearch: true, ignoreVary: true });
    if (found) { return found; }
    throw lost;
  }
  const stays = answer.ok && (request.mode !== "navigate" || answer.headers.get("{{ header }}"));
  if (stays) { await kept.put(path, answer.clone()); } else { await kept.delete(path); }
  return answer;
}
