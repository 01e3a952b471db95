addEventListener('beforeprint', () => document.querySelectorAll('details:not(.quiet)').forEach(d => { d.open = true }));
