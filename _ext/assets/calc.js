// The page's calculator and its judge of numbers: scalinglib/checks/calculator.py, expressions.py, reading.py and
// verdicts.py again; tests/test_answers.py holds the two together. No eval, and no object is asked for a name that was
// typed: such names live in Maps. Work is counted, so that nothing that is typed takes long.
(() => {
  "use strict";
  const LONGEST = 400; // characters of a line
  const DEEPEST = 40; // brackets in one another
  const LINES = 200;
  const WORK = 1e6; // numbers worked with
  class CalcError extends Error {}
  const fail = text => {
    throw new CalcError(text);
  };

  // ---- units and functions -------------------------------------------------------------------------------------------
  const UNITS = new Map();
  const KINDS = {
    "": "parameter param weight token character run seed epoch reading time question step layer head word letter feature k:1e3 thousand:1e3 m:1e6 mln:1e6 million:1e6 b:1e9 bn:1e9 g:1e9 billion:1e9 t:1e12 trillion:1e12",
    compute: "pf-day:8.64e19",
    energy: "wh:1e-3 kwh mwh:1e3 gwh:1e6",
    surprise: "nat bit:0.6931471805599453",
    hours: "gpu-hour hour h",
    money: "dollar usd eur",
  };
  for (const kind in KINDS)
    for (const word of KINDS[kind].split(" ")) {
      const [name, factor = 1] = word.split(":");
      UNITS.set(name, [kind, Number(factor)]);
    }
  // TFLOPs, teraflops, and TFLOP/s, which is no compute
  for (const [k, names] of ",k kilo,m mega,g giga,t tera,p peta,e exa,z zetta".split(",").entries())
    for (const name of names.split(" ")) {
      UNITS.set(`${name}flop`, ["compute", 10 ** (3 * k)]);
      UNITS.set(`${name}flop/s`, ["rate", 10 ** (3 * k)]);
    }
  // "PF days", "gpu hours": as they stand in the list, in the singular
  function unitWord(name) {
    const word = name
      .toLowerCase()
      .replace(/^(.+?)[- ]?(day|hour)s?$/, "$1-$2")
      .replace("s/s", "/s")
      .replace(/^petaflop(\/s)?-/, "pf-");
    return !UNITS.has(word) && word.length > 3 ? word.replace(/s$/, "") : word;
  }
  // the reader's name -> the operation and how many entries it takes (0: any number of them)
  const table = rules => new Map(Object.entries(rules));
  const FUNCTIONS = table({ ln: ["log", 1] });
  const PLAIN = ["ln", "log2", "log10", "exp", "sqrt", "abs"]; // may stand without brackets
  for (const [count, names] of [
    "min max list",
    `${PLAIN.slice(1).join(" ")} mean sd sum count median`,
    "slope intercept",
  ].entries())
    for (const name of names.split(" ")) FUNCTIONS.set(name, [name, count]);
  const taken = name => FUNCTIONS.has(name) || name === "log" || name === "solve";
  const callable = name => taken(name) || name.includes(".");
  const CONSTANTS = table({ e: Math.E, pi: Math.PI });
  const ADDITIVE = ["E", "A", "alpha", "B", "beta"];
  const NUMBERS = table({
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    // a power of one is one even where the exponent is NaN or infinite, as in Python
    "**": (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b),
    neg: a => -a,
  });
  for (const name of ["log", ...PLAIN.slice(1)]) NUMBERS.set(name, Math[name]);
  const TRUTHS = table({
    "<": (a, b) => a < b,
    "<=": (a, b) => a <= b,
    ">": (a, b) => a > b,
    ">=": (a, b) => a >= b,
    and: (a, b) => a && b,
    or: (a, b) => a || b,
    not: a => !a,
    near: (a, b, rtol) => Math.abs(a - b) <= rtol * Math.abs(b),
  });
  const total = column => column.reduce((sum, x) => sum + x, 0);
  const mean = column => total(column) / column.length;
  const slope = (x, y) => {
    const mx = mean(x);
    const my = mean(y);
    return (
      total(x.map((one, k) => (one - mx) * (y[k] - my))) / total(x.map(one => (one - mx) ** 2))
    );
  };
  const COLUMNS = table({
    mean,
    sd: x => {
      const m = mean(x);
      return Math.sqrt(total(x.map(one => (one - m) ** 2)) / (x.length - 1));
    },
    sum: total,
    count: x => x.length,
    median: x => {
      if (x.some(Number.isNaN)) return NaN;
      const sorted = [...x].sort((a, b) => a - b);
      return (sorted[(x.length - 1) >> 1] + sorted[x.length >> 1]) / 2;
    },
    slope,
    intercept: (x, y) => mean(y) - slope(x, y) * mean(x),
  });
  // ---- tree -> number, truth or list ---------------------------------------------------------------------------------
  const isList = Array.isArray;

  function evaluate(tree, names = new Map(), steps = { left: WORK }) {
    if (typeof tree === "string") return names.get(tree);
    if (!isList(tree)) return tree;
    const [operation, ...branches] = tree;
    if (operation === "unit") return branches[1];
    if (operation === "solve") return solve(branches, names, steps);
    const entries = branches.map(branch => evaluate(branch, names, steps));
    steps.left -= entries.flat().length;
    if (steps.left < 0) fail("too much to work out");
    if (TRUTHS.has(operation)) return TRUTHS.get(operation)(...entries);
    const column = COLUMNS.get(operation);
    const lists = column ? entries.map(entry => [entry].flat()) : entries.filter(isList);
    if (operation === "list" || operation === "min" || operation === "max") {
      if (entries.length > 1 && lists.length) fail(`${operation} takes numbers, or one column`);
      const all = lists[0] ?? entries;
      return operation === "list" ? all : all.reduce((a, b) => Math[operation](a, b));
    }
    if (lists.some(one => one.length !== lists[0].length)) fail("columns of different length");
    if (column) return column(...lists);
    const of = NUMBERS.get(operation);
    if (!lists[0]) return of(...entries);
    return lists[0].map((_, k) => of(...entries.map(one => (isList(one) ? one[k] : one))));
  }

  // halve the interval where the sign changes; 80 halvings are as fine as the numbers are
  function solve([name, start, end, zero], names, steps) {
    let low = evaluate(start, names, steps);
    let high = evaluate(end, names, steps);
    const at = x => evaluate(zero, new Map(names).set(name, x), steps);
    const ends = [low, high, ...([low, high].some(isList) ? [[]] : [at(low), at(high)])];
    if (ends.some(x => isList(x) || Number.isNaN(x)) || ends[2] > 0 === ends[3] > 0)
      fail("no change of sign there");
    for (let k = 0; k < 80; k++) {
      const middle = low + (high - low) / 2;
      if (at(middle) > 0 === ends[2] > 0) low = middle;
      else high = middle;
    }
    return low + (high - low) / 2;
  }

  // ---- text -> tree --------------------------------------------------------------------------------------------------
  const TOKEN =
    /\s*(?:([\d.,]*\d[.,]?(?:\s?e[-+]?\d+(?![\da-z.]))?)|((?:petaflop(?:\/s)?|pf|gpu)[- ]?(?:day|hour)s?\b|[a-z]*flops?\/s\b|[a-z]\w*(?:\.[a-z]\w*)?)|(\S))/iy;
  const tidy = text =>
    text
      .trim()
      .replace(/[⁰¹²³⁴-⁻]+/g, run => `^(${run.normalize("NFKC")})`)
      .replace(/[−–]/g, "-")
      .replaceAll("**", "^")
      .replace(/[×·⋅∙]/g, "*")
      .replaceAll("÷", "/")
      .replace(/[$€£]/g, "")
      .replace(/(\d)[\s_'’]+(?=\d{3}(?!\d))/g, "$1")
      .replace(/([\d)])\s*x\s*(?=[\d(])/gi, "$1*")
      .replaceAll("np.log(", "ln(")
      .replaceAll("np.", "")
      .replace(/per\s*cent\b/gi, "%");

  // "1,200,000" is grouped, "1,2" is a decimal comma, "1.200.000,5" is both; "" for anything else
  function plainDecimal(text) {
    let t = text;
    if (/^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(t)) t = t.replaceAll(",", "");
    else if (/^(\d{1,3}(\.\d{3}){2,}(,\d*)?|\d{1,3}(\.\d{3})+,\d+)$/.test(t))
      t = t.replaceAll(".", "").replace(",", ".");
    else t = t.replace(/^(\d*),(\d+)$/, "$1.$2");
    return /^(\d+\.?\d*|\.\d+)$/.test(t) ? t : "";
  }

  // "1.52e10": its value, half a unit of the last digit (5e7), 3 digits; of 1500 and of 20 two surely count
  function written(literal) {
    let [digits, power = 0] = literal.split(/\s?e/i);
    if (power) digits = digits.replace(/^(\d+),(\d+)$/, "$1.$2"); // nobody groups thousands before a power
    const plain = plainDecimal(digits);
    if (!plain) fail(`${literal} does not read as a number`);
    const kept = plain.replace(/^[0.]+/, "").replace(".", "");
    const sure = (/\.\d/.test(plain) ? kept : kept.replace(/(..)0+$/, "$1")).length;
    const value = Number(`${plain}e${power}`);
    return { value, half: halfUnit(value, sure), digits: sure };
  }

  function split(text) {
    const tokens = [];
    const calls = [];
    for (let at = 0; ; ) {
      TOKEN.lastIndex = at;
      const found = TOKEN.exec(text);
      if (!found) return tokens;
      const [whole, number, name, sign] = found;
      at = TOKEN.lastIndex;
      const last = tokens.at(-1) ?? [];
      if (number && calls.at(-1) && number.includes(",")) {
        const [part] = number.split(","); // inside f( ) a comma parts
        tokens.push(part ? ["number", part] : ["sign", ","]);
        at += (part.length || 1) - number.length;
      } else if (number) tokens.push(["number", number]);
      else if (name) {
        const close = whole === name && last[0] === "number";
        if (close && name.toLowerCase() === "e")
          fail(`${last[1]}${name}: which power of ten? write 1e9`);
        tokens.push(["name", name, close]);
      } else {
        if (sign === "(") calls.push(last[0] === "name" && callable(last[1]));
        else if (sign === ")") calls.pop();
        tokens.push(["sign", sign]);
      }
    }
  }

  // One expression; `literals` and `units` are those in it, from left to right.
  function parsed(source, names, laws, field) {
    if (source.length > LONGEST) fail(`longer than ${LONGEST} characters`);
    const tokens = split(tidy(source));
    // in a field, a number and words for units, which then are no names: 35.7 B, 1.75 billion tokens
    const first = tokens.findIndex(([kind]) => kind === "name");
    const counted =
      field &&
      tokens[first - 1]?.[0] === "number" &&
      tokens
        .slice(first)
        .every(([kind, word]) => kind === "name" && (word === "per" || UNITS.has(unitWord(word))));
    const literals = [];
    const units = [];
    let at = 0;
    let depth = 0;
    let solving = "";
    const known = name => !counted && (names.has(name) || name === solving);
    const kind = () => tokens[at]?.[0];
    const peek = (...signs) => kind() === "sign" && signs.includes(tokens[at][1]);
    const take = (...signs) => (peek(...signs) ? tokens[at++][1] : "");
    const odd = () => fail(`“${tokens[at][1]}” does not fit`);
    const closed = () => take(")") || (tokens[at] ? odd() : fail("a bracket is still open"));
    const powerOfTen = () => tokens[at]?.[1] === "10" && tokens[at + 1]?.[1] === "^";
    function deeper(rule) {
      if (++depth > DEEPEST) fail("too many brackets");
      const tree = rule();
      depth -= 1;
      return tree;
    }
    const sum = () =>
      deeper(() => {
        let tree = product();
        while (peek("+", "-")) tree = [take("+", "-"), tree, product()];
        return tree;
      });
    function product() {
      let tree = signed();
      let divided = false;
      for (;;) {
        const sign = take("*", "/");
        if (sign) {
          divided = sign === "/";
          tree = [sign, tree, signed()];
        } else if (kind() === "name" || peek("(") || powerOfTen()) {
          if (divided) fail("a/b c: write a/(b c) or (a/b) c");
          tree = ["*", tree, power()];
        } else if (kind() === "number") fail(`two numbers side by side: ${tokens[at][1]}`);
        else return tree;
      }
    }
    const signed = () =>
      deeper(() => (take("-") ? ["neg", signed()] : take("+") ? signed() : power()));
    function power() {
      const tree = inUnit(primary());
      return take("^") ? ["**", tree, signed()] : tree;
    }
    function unit(word) {
      units.push(word);
      return ["unit", word, UNITS.get(word)[1]];
    }
    // words and signs that bind tighter than any operator: 5 billion, 40 %, bits per byte
    function inUnit(first) {
      let tree = first;
      for (;;)
        if (take("%")) tree = ["/", tree, 100];
        else {
          // a name that is known comes first, but in 5k
          const word =
            kind() === "name" && (tokens[at][2] || !known(tokens[at][1]))
              ? unitWord(tokens[at][1])
              : "";
          if (word === "per") {
            at += 1;
            if (kind() !== "name") fail("per what?");
          } else if (UNITS.has(word)) tree = ["*", tree, unit(word)];
          else return tree;
          at += 1;
        }
    }
    function primary() {
      if (take("(")) {
        const tree = sum();
        closed();
        return tree;
      }
      if (at >= tokens.length) fail("the end is missing");
      const [what, text] = tokens[at];
      if (what === "sign") odd();
      at += 1;
      if (what === "name") return named(text);
      literals.push(text);
      return written(text).value;
    }
    function named(name) {
      if (known(name) && !(callable(name) && peek("("))) return name;
      if (name === "log") fail("log of which base: ln, log2 or log10?");
      if (PLAIN.includes(name) && !peek("(")) return [FUNCTIONS.get(name)[0], inUnit(primary())];
      if (name === "solve") return solveFor();
      if (FUNCTIONS.has(name)) {
        const [operation, count] = FUNCTIONS.get(name);
        return [operation, ...entriesOf(name, count)];
      }
      if (name.includes(".")) return ofLaw(name);
      if (CONSTANTS.has(name)) return CONSTANTS.get(name);
      const word = unitWord(name);
      if (word.length > 1 && UNITS.get(word)?.[0]) return unit(word); // 1/PF-day, but not a lone k, m or b
      return fail(`${name} is no${peek("(") ? " function" : "t known"} here`);
    }
    function entriesOf(name, count) {
      if (!take("(")) fail(`write ${name}(…)`);
      const entries = [sum()];
      while (take(",")) entries.push(sum());
      closed();
      if (count && entries.length !== count)
        fail(`${name} takes ${count} in its brackets, not ${entries.length}`);
      return entries;
    }
    function solveFor() {
      const how = "write solve(x, from, to, what is 0 there)";
      if (!take("(")) fail(how);
      const name = kind() === "name" ? tokens[at][1] : "";
      if (solving || !name || callable(name)) fail(how);
      at += 1;
      solving = " "; // no name yet: only what is 0 there knows it
      const entries = [];
      while (take(",")) {
        if (entries.length === 2) solving = name;
        entries.push(sum());
      }
      closed();
      if (entries.length !== 3) fail(how);
      solving = "";
      return ["solve", name, ...entries];
    }
    function ofLaw(name) {
      const [law, what] = name.split(".");
      if (known(`${law}_${what}`)) return `${law}_${what}`;
      const constants = laws.get(law.toLowerCase());
      const place = ADDITIVE.indexOf(what);
      if (!constants || (place < 0 && what !== "loss" && what !== "optimum"))
        fail(`${name} is not known here`);
      if (place >= 0) return constants[place];
      const [E, A, alpha, B, beta] = constants;
      if (what === "loss") {
        const [N, D] = entriesOf(name, 2);
        return ["+", ["+", E, ["*", A, ["**", N, -alpha]]], ["*", B, ["**", D, -beta]]];
      }
      const half = ["/", entriesOf(name, 1)[0], 6];
      const ratio = ["**", (alpha * A) / (beta * B), 1 / (alpha + beta)];
      const size = ["*", ratio, ["**", half, beta / (alpha + beta)]];
      return ["list", size, ["/", half, size]];
    }
    if (!tokens.length) fail("a number is asked for");
    let tree = sum();
    if (at < tokens.length) odd();
    // 3.2/0.7/5.5 bits: a quotient's only unit, at its end, is that of all of it
    if (
      tree[0] === "/" &&
      isWord(tree[2][2]) &&
      !units[1] &&
      tokens.at(-1)[0] === "name" &&
      UNITS.get(units[0])[0][4] // a kind, and no rate
    )
      tree = ["*", ["/", tree[1], tree[2][1]], tree[2][2]];
    return { tree, literals, units };
  }
  const parse = (text, names, laws) => parsed(text, names, laws).tree;

  // ---- an answer field -----------------------------------------------------------------------------------------------
  const AROUND = [
    [/([\da-z%)])\s*[.,;!?]$/i, "$1"],
    [
      /^((i|my|is|say|report|guess|about|approx[a-z]*|roughly|around|ca|nearly|almost)(?!\w)\.?|[~≈=≃*:]|x(?=[ 0-9.])|[a-z]\w*(?=\s*[=:~≈≃])|\s)+/i,
      "",
    ],
    [/(\d\s*(?:bit|nat)s?)\s*\/\s*([a-z]+)$/i, "$1 per $2"],
    [/([\d)])[-\s]*(x|\*|fold)$/i, "$1"],
    [/^(us|usd|eur)\s*(?=[\d.])/i, ""],
    [/^([-+]?[\d.,]+)\s*\*\s*1e([-+]?\d+)$/i, "$1e$2"],
  ];
  const isWord = tree => tree === 100 || (isList(tree) && tree[0] === "unit");

  // the value in the unit that is asked for; a word at a number in a field without a unit is a label
  function converted(number, units, unit, percent, alone) {
    let value = number;
    const [kind, size] = UNITS.get(unitWord(unit)) ??
      UNITS.get(unitWord(unit.split(" ")[0])) ?? ["", 1];
    const measured = units.filter(word => UNITS.get(word)[0]);
    if (kind && measured.some(word => UNITS.get(word)[0] !== kind))
      fail(`that is in ${measured.join(" and ")}; asked for is ${unit}`);
    if (measured.length && (kind || alone))
      value /= kind ? size : measured.reduce((t, word) => t * UNITS.get(word)[1], 1);
    if (!kind && size >= 1e6 && Math.abs(value) >= 1e6) value /= size; // 33e9 where billions are asked for
    return unit === "%" && percent ? value * 100 : value;
  }

  function read(text, unit = "", names = new Map(), laws = new Map()) {
    let t = tidy(text);
    if (/\+-|±/.test(t)) fail("one number, without its uncertainty");
    for (const [pattern, instead] of AROUND) t = t.replace(pattern, instead);
    const own = unit.toLowerCase();
    // a label where it stands once, at the end; 50 % + 10 % is a sum
    if (own && !UNITS.has(unitWord(own)) && t.toLowerCase().split(own)[1] === "")
      t = t.slice(0, -own.length).trim();
    const words = t.match(/[a-z_]\w*/gi) ?? [];
    if (!/\d|[a-z]\.[a-z]/i.test(t) && !words.some(word => CONSTANTS.has(word) || names.has(word)))
      fail("a number is asked for");
    const { tree, literals, units } = parsed(t, names, laws, true);
    const found = evaluate(tree, names);
    if (isList(found)) fail("one number is asked for, not a column");
    let body = tree;
    let wanted = 1;
    while (isList(body)) {
      // a sign, a power of ten, per cent, words: still one number
      const [operation, , by] = body;
      if (operation === "*" && isList(by) && by[0] === "**" && by[1] === 10) wanted += 2;
      else if (operation !== "neg" && !((operation === "*" || operation === "/") && isWord(by)))
        break;
      body = body[1];
    }
    const alone = typeof body === "number" && literals.length === wanted;
    const value = converted(found, units, unit, t.includes("%"), alone);
    if (Number.isNaN(value)) fail("no number: a logarithm or root of something negative, or 0/0");
    if (Math.abs(value) === Infinity) fail("infinite: a division by zero, or a power");
    const said = /^[1-9]\d{0,2},\d{3}[a-z ]*$/.test(t)
      ? `${t} read as ${t.replace(",", "")}; a decimal point would be ${t.replace(",", ".")}`
      : "";
    const mark = alone ? written(literals[0]) : {};
    const { half, digits } = mark.value === body ? mark : { half: 0, digits: Infinity };
    return { value, half: half && Math.abs(value / body) * half, digits, said };
  }

  // ---- the judge of numbers ------------------------------------------------------------------------------------------
  const COUNT = ["one", "two", "three", "four", "five"];
  const SLACK = 1 + 1e-9;
  const and = names => names.join(" and ");
  const room = (part, size) => Math.max((part.rtol ?? 0) * Math.abs(size), part.atol ?? 0);
  // half a unit of the last of so many digits
  const halfUnit = (value, digits) =>
    value ? Number(`5e${value.toExponential().split("e")[1] - digits}`) : 0;
  const larger = (a, b) => Math.max(Math.abs(a), Math.abs(b));
  const namesIn = tree =>
    isList(tree) ? tree.slice(1).flatMap(namesIn) : typeof tree === "string" ? [tree] : [];
  const free = part => part.truth === undefined;
  const stop = words => words.replace(/[^?]$/, "$&.");

  function isRight(part, me, right) {
    const off = Math.abs(me.value - right);
    if (part.exact) return off <= 1e-9 * Math.abs(right);
    if (
      part.whole &&
      [Math.floor(right + 0.5), Math.ceil(right - 1e-9 * Math.abs(right))].includes(me.value)
    )
      return true;
    let most = room(part, right);
    if (me.digits < Infinity) most = Math.max(most, halfUnit(larger(me.value, right), part.digits));
    return off <= most * SLACK;
  }
  function fits(part, me, value) {
    const off = Math.abs(me.value - value);
    if (part.exact) return off <= 1e-9 * Math.abs(value);
    if (part.whole && [Math.floor(value), Math.ceil(value)].includes(me.value)) return true;
    if (!me.value || !value) return me.value === value;
    return off <= Math.max(me.half, halfUnit(larger(me.value, value), 3)) * SLACK;
  }

  const said = (status, message, lines = []) => ({ status, message, lines });

  function judge(spec, answers) {
    const { parts, bounds } = spec;
    const typed = new Map(parts.map((part, k) => [part.name, answers[k]]));
    const given = new Map(parts.map((part, k) => [part.name, answers[k].value]));
    const truths = new Map(given);
    for (const part of parts) if (!free(part)) truths.set(part.name, evaluate(part.truth, truths));
    // `given`, each with the sign of its truth
    const upright = new Map(
      [...given].map(([name, value]) => [name, value * truths.get(name) < 0 ? -value : value]),
    );
    // all ends of what was written in some parts, as Maps over `from`
    const corners = (names, from = given) =>
      names.reduce(
        (all, name) =>
          all.flatMap(one =>
            [-1, 0, 1].map(by => new Map(one).set(name, one.get(name) + by * typed.get(name).half)),
          ),
        [from],
      );
    const lines = [];
    const line = (part, state, words) => ({ name: part.name, state, words, free: free(part) });

    function unfinished(part, me, right) {
      const off = Math.abs(me.value - right);
      let near = off <= me.half * SLACK;
      let words = "give all its digits";
      if (!part.exact && me.digits === Infinity) {
        words = "carry one more digit";
        near = off <= halfUnit(larger(me.value, right), part.digits) * SLACK;
      } else if (!part.exact) {
        const missing = part.digits - me.digits;
        if (missing <= 0) return null;
        words = `give ${COUNT[missing - 1]} more digit${missing > 1 ? "s" : ""}`;
        near = off <= Math.min(me.half, halfUnit(right, me.digits)) * SLACK;
      }
      return near && me.value && line(part, "so far", `right so far: ${words}`);
    }
    function follows(part, me) {
      const mentioned = namesIn(part.truth);
      const used = lines.filter(
        one => mentioned.includes(one.name) && (one.state !== "right" || one.free),
      );
      if (!used.length) return null;
      const names = used.map(one => one.name);
      let most = Math.max(me.half, room(part, me.value));
      if (me.digits < Infinity) most = Math.max(most, halfUnit(me.value, 3));
      const leads = from => {
        const found = corners(names, from).map(one => evaluate(part.truth, one));
        return Math.min(...found) - most <= me.value && me.value <= Math.max(...found) + most;
      };
      if (![given, upright].some(leads)) return null;
      const wrong = used
        .filter(one => /w/.test(one.state)) // "wrong" or "follows"
        .map(one => one.name);
      return wrong[0]
        ? line(part, "follows", `it follows from your ${and(wrong)}, and the error is there`)
        : line(part, "so far", `give more digits of your ${and(names)}`);
    }
    function mistake(part, me, right) {
      const found = new Set();
      const same = new Set();
      // beside the right number only a slip at all its digits is told
      const beside = !part.exact && Math.abs(me.value / right - 1) < 0.02;
      const most = beside || part.exact ? 0 : 0.01;
      let close = Infinity;
      let nearest;
      if (beside && me.digits < part.digits) return null;
      for (const [tree, words] of part.mistakes)
        for (const known of [upright, truths]) {
          const value = evaluate(tree, known);
          if (!Number.isFinite(value) || fits(part, { value, half: 0 }, right)) continue;
          const off = Math.abs(me.value - value);
          const size = Math.abs(value) * SLACK;
          const fit = fits(part, me, value);
          if (fit && off <= me.half + 1e-9 * size) {
            found.add(words);
            if (off <= 1e-9 * size) same.add(words);
          } else if ((fit || off / size <= most) && off / size < close - 1e-9) {
            close = off / size;
            nearest = `that may be this slip, if you rounded: ${stop(words)} If not: ${part.generic}`;
          }
        }
      const [one, other, more] = found.size > 2 && same.size ? same : found;
      if (!one) return nearest && line(part, "wrong", nearest);
      return line(
        part,
        "wrong",
        more && me.digits <= part.digits
          ? "several slips fit: give one more digit"
          : other
            ? `that may be one of two slips. Either: ${stop(one)} Or: ${other}`
            : same.size
              ? one
              : `that may be this slip: ${one}`,
      );
    }
    // the first bound that fails; a free part is right where all that mention it hold
    function bound(part, right) {
      let open;
      for (const [rule, words] of bounds) {
        const named = namesIn(rule);
        if (!named.includes(part.name) || evaluate(rule, given)) continue;
        // with all its digits it is what was meant; an end that would be right is no excuse
        if (
          named.every(name => part.digits <= typed.get(name).digits) ||
          corners([...typed.keys()]).every(
            one => isRight(part, { value: one.get(part.name) }, right) || !evaluate(rule, one),
          )
        )
          return line(part, "wrong", words);
        open ??= line(part, "so far", "too few digits to tell: give one more digit");
      }
      return free(part) && (open ?? line(part, "right", ""));
    }
    for (const part of parts) {
      const me = typed.get(part.name);
      const right = truths.get(part.name); // of a free part what was typed
      let said;
      if (free(part)) {
        said = bound(part);
        if (said.state === "wrong") said = mistake(part, me) ?? said;
      } else
        said = isRight(part, me, right)
          ? line(part, "right", "")
          : unfinished(part, me, right) ||
            follows(part, me) ||
            mistake(part, me, right) ||
            bound(part, right) ||
            line(part, "wrong", part.generic);
      lines.push(said);
    }
    const open = lines.filter(one => one.state !== "right");
    const failing = one => bounds.find(([rule]) => !evaluate(rule, one));
    const worst = open.find(one => one.state !== "so far");
    if (spec.plan) {
      const { distance, full, none, reasons, short, scored } = spec.plan;
      const far = one => evaluate(distance, one);
      const fine = one => !failing(one) && far(one) <= full;
      if (!worst && open[0] && corners([...typed.keys()]).some(fine))
        return said("so far", "right so far: give one more digit");
      if (open[0]) return said("not yet", (worst ?? open[0]).words);
      if (far(given) <= full) return said("right", spec.praise);
      const share = (none - far(given)) / (none - full);
      const percent = Math.floor(100 * Math.max(share, 0)) || 0; // of NaN too
      return said(
        "not yet",
        scored.replace("{}", percent) +
          (reasons.find(([rule]) => evaluate(rule, given))?.[1] ?? short),
      );
    }
    if (!open[0]) return said("right", spec.praise);
    if (spec.quiet) return said("not yet", failing(given)?.[1] ?? parts.at(-1).generic);
    const words = inWords(lines);
    return said(worst ? "not yet" : "so far", words.join("; "), words);
  }

  // what is right, and then each part's own words, once each
  function inWords(lines) {
    if (!lines[1]) return [lines[0].words];
    const pieces = new Map();
    for (const { name, words } of lines.sort((a, b) => !!a.words - !!b.words))
      pieces.set(words, [...(pieces.get(words) ?? []), name]);
    return [...pieces].map(([words, names]) =>
      words
        ? `${and(names)}: ${words}`
        : `${and(names)} ${names.length === 1 ? "is" : "are"} right`,
    );
  }

  // ---- the scratchpad, and what a box knows --------------------------------------------------------------------------
  function run(lines, columns, laws) {
    const names = new Map(columns);
    const steps = { left: WORK };
    const values = lines.slice(0, LINES).map(source => {
      try {
        return ofLine(source.split("#")[0].trim(), names, laws, steps);
      } catch (error) {
        if (!(error instanceof CalcError)) throw error;
        return error;
      }
    });
    return { values, names };
  }
  function ofLine(text, names, laws, steps) {
    if (!text) return null;
    const found = text.match(/^([a-z]\w*(?:\s*,\s*[a-z]\w*)*)\s*=(.*)$/i);
    const own = found ? found[1].split(",").map(name => name.trim()) : [];
    const odd = own.find(taken);
    if (odd) fail(`${odd} is a function; choose another name`);
    const before = new Map(names);
    for (const name of own) names.set(name, NaN); // and stays so where the line is refused
    const value = evaluate(parse(found ? found[2] : text, before, laws), before, steps);
    if (own[1] && value?.length !== own.length) fail(`not ${own.length} numbers`);
    for (const [k, name] of own.entries()) names.set(name, own[1] ? value[k] : value);
    return value;
  }

  // What the fields of a box may name: its parameters, and the columns of its own tables.
  function known(box) {
    const names = new Map(Object.entries(box.given ?? {}));
    const count = new Map();
    for (const { columns } of box.data ?? [])
      for (const column of Object.keys(columns)) count.set(column, (count.get(column) ?? 0) + 1);
    for (const { name, columns } of box.data ?? [])
      for (const [column, values] of Object.entries(columns))
        if (values.every(one => typeof one === "number"))
          names.set(
            count.get(column) > 1 ? `${name}_${column}` : column,
            values.length > 1 ? values : values[0],
          );
    return names;
  }

  // The numbers of a box's expressions are veiled on the page: their bits, exclusive-or the key twice.
  function unveiled(box, key) {
    const mask = BigInt(`0x${key}${key}`);
    const view = new DataView(new ArrayBuffer(8));
    return JSON.parse(JSON.stringify(box), (_, value) => {
      if (!/^#[\da-f]{16}$/.test(value)) return value; // innermost first: never a list of one
      view.setBigUint64(0, BigInt(`0x${value.slice(1)}`) ^ mask);
      return view.getFloat64(0);
    });
  }

  globalThis.scalinglibCalc = {
    read,
    parse,
    evaluate,
    run,
    judge,
    known,
    unveiled,
    CalcError,
  };
})();
