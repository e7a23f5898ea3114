"use strict";

/* Which pages speak of what was typed. A word counts the more, the fewer pages have it; other forms of it count, too,
   and a page counts the more, the more of its title was typed. */
function wordsOf(text) {
  return [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) || [])].filter((word) => word.length > 1);
}

function forms(terms, word, last) {
  const found = [];
  for (const term of terms) {
    if (term === word) found.push([term, 1]);
    else if (word.length > 3 && term.length > 3) {
      const longer = term.length - word.length;
      if (term.startsWith(word) ? last || longer < 4 : longer > -4 && word.startsWith(term)) found.push([term, 0.6]);
    } else if (last && term.startsWith(word)) found.push([term, 0.4]);
  }
  return found;
}

function share(title, words) {
  const own = wordsOf(title);
  return own.filter((word) => words.includes(word)).length / (own.length || 1);
}

function find(knowledge, text, most) {
  const { pages, terms } = knowledge;
  const known = Object.keys(terms);
  const words = wordsOf(text).slice(0, 200);
  const scores = new Map();
  const reached = new Map();
  words.forEach((word, place) => {
    const best = new Map();
    for (const [term, closeness] of forms(known, word, place === words.length - 1)) {
      const postings = terms[term];
      const rarity = Math.log(1 + pages.length / (postings.length / 2));
      for (let at = 0; at < postings.length; at += 2) {
        const score = rarity * rarity * closeness * Math.sqrt(postings[at + 1]);
        if (score > (best.get(postings[at]) || 0)) best.set(postings[at], score);
      }
    }
    for (const [page, score] of best) {
      scores.set(page, (scores.get(page) || 0) + score);
      reached.set(page, (reached.get(page) || 0) + 1);
    }
  });
  return [...scores]
    .map(([page, score]) => [page, score * (0.5 + reached.get(page) / words.length) * (1 + share(pages[page][1], words))])
    .sort((one, other) => other[1] - one[1] || one[0] - other[0])
    .slice(0, most)
    .map(([page]) => ({ place: pages[page][0], title: pages[page][1], kind: pages[page][2], about: pages[page][3] }));
}
