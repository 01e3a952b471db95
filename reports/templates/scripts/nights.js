// Says on a page that is older than three days that the nights have stopped.
(() => {
  const a = document.getElementById('as-of');
  if (!a) return;
  const n = Math.floor((Date.now() - Date.parse(a.dataset.day + 'T00:00:00')) / 864e5);
  if (n < 3) return;
  const p = document.createElement('p');
  p.setAttribute('role', 'alert');
  p.textContent = 'No night has renewed this page for ' + n + ' days. Run: steadymile nightly';
  a.after(p);
})();
