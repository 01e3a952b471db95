// Marks the reader's own day: a page that is opened on Thursday shows Thursday, whenever it was written.
(() => {
  const p = document.getElementById('today'), h = document.getElementById('which-week'), d = new Date();
  const n = x => String(x).padStart(2, '0');
  const k = d.getFullYear() + '-' + n(d.getMonth() + 1) + '-' + n(d.getDate());
  const l = document.querySelector(`li[data-day='${k}']`);
  const week = x => { if (h) h.textContent = x + ': ' + h.dataset.span };
  if (l) {
    l.classList.add('today');
    week('This week');
    if (p) p.textContent = 'Today: ' + l.dataset.what;
  } else if (p && k > p.dataset.last) {
    week('Week');
    p.className = 'soft';
    p.textContent = 'This week is over; steadymile nightly plans the new one.';
  }
})();
