// Sorts the table by the column whose head is pressed; without scripts the order of urgency stays.
document.querySelectorAll('.people thead button').forEach(b => b.addEventListener('click', () => {
  const h = b.closest('th'), n = h.cellIndex, up = h.getAttribute('aria-sort') != 'ascending';
  const t = b.closest('table').tBodies[0], v = r => r.cells[n].dataset.sort;
  b.closest('tr').querySelectorAll('th').forEach(x => x.removeAttribute('aria-sort'));
  h.setAttribute('aria-sort', up ? 'ascending' : 'descending');
  [...t.rows].sort((x, y) => {
    const a = v(x), c = v(y), o = isNaN(a) || isNaN(c) ? a.localeCompare(c) : a - c;
    return up ? o : -o;
  }).forEach(r => t.append(r));
}));
