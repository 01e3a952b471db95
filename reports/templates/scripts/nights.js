// Says on a page of three days ago or older that the nightly runs have stopped.
(() => {
  const a = document.getElementById('as-of');
  if (!a) return;
  const n = Math.floor((Date.now() - Date.parse(a.dataset.day + 'T00:00:00')) / 864e5);
  if (n < 3) return;
  const p = document.createElement('p');
  p.setAttribute('role', 'alert');
  p.textContent = 'This page was last updated ' + n + ' days ago. Run: steadymile nightly';
  a.after(p);
})();
