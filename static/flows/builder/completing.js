// @ts-check
/** Which names and functions fit what stands before the cursor. Without a page. */

/**
 * @typedef {{name: string, kind: "variable" | "step" | "field" | "entry", type: string,
 *   help: string, asks_first: boolean}} Name an entry is what the variable of a macro
 *   stands for: `input.orders[]`, `input.orders[].price`
 * @typedef {{name: string, kind: "function" | "method" | "macro", signature: string,
 *   help: string}} Func
 * @typedef {{names: Name[], functions: Func[]}} Known
 * @typedef {{from: number, to: number, typed: string, before: string}} Place what would
 *   be replaced, and the expression up to there
 * @typedef {{kind: "name" | "function", label: string, text: string, back: number,
 *   type: string, help: string, asksFirst: boolean}} Option `back`: how far the cursor
 *   goes back behind the text
 */

const MOST = 60;
const QUOTES = ['"""', "'''", '"', "'"];
// Strings up to the quotes that close them.
const OPENED = QUOTES.map(
  (quote) => String.raw`${quote}(?:\\[^]|(?!${quote})[^\\])*`,
);
const CLOSED = QUOTES.map((quote, index) => OPENED[index] + quote);
// A string or comment that goes on at the end, one that is closed, or a sign.
const TOKEN = new RegExp(
  String.raw`(?<open>(?:${OPENED.join("|")}|//[^\n]*)$)|${CLOSED.join("|")}|//[^\n]*|[^]`,
  "g",
);

/**
 * @param {string} text @param {number} caret @param {boolean} isTemplate only what stands
 *   between {{ and }} is an expression
 * @returns {Place | null} nothing within strings, numbers and plain text
 */
export function placeAt(text, caret, isTemplate) {
  const before = text.slice(0, caret);
  const start = isTemplate ? openExpression(before) : 0;
  if (start < 0 || isQuoted(before.slice(start))) return null;
  const typed = /[\w.]*$/.exec(before.slice(start))?.[0] ?? "";
  if (/^\.?\d/.test(typed)) return null;
  const rest = /^\w*/.exec(text.slice(caret))?.[0] ?? "";
  const from = caret - typed.length;
  return { from, to: caret + rest.length, typed, before: text.slice(start, from) };
}

/** @param {string} source */
function isQuoted(source) {
  const last = [...source.matchAll(TOKEN)].at(-1);
  return last?.groups?.open !== undefined;
}

/** Where the last expression begins that is not closed; -1 if all are.
 * @param {string} before */
function openExpression(before) {
  let start = before.indexOf("{{");
  while (start >= 0) {
    const end = closed(before, start + 2);
    if (end < 0) return start + 2;
    start = before.indexOf("{{", end);
  }
  return -1;
}

/** Behind the braces that close an expression; those of objects do not.
 * @param {string} text @param {number} start */
function closed(text, start) {
  let depth = 0;
  for (const { 0: word, index } of text.slice(start).matchAll(TOKEN)) {
    if (word === "{") depth += 1;
    else if (word === "}" && depth) depth -= 1;
    else if (word === "}" && text[start + index + 1] === "}") return start + index + 2;
  }
  return -1;
}

/**
 * @param {Place} place @param {Known} known
 * @param {string} after what stands behind the place
 * @returns {Option[]} what can be written in its place, best first
 */
export function optionsFor({ typed, before }, { names: known, functions }, after) {
  const names = [...macroNames(before, known, functions), ...known].filter(
    ({ kind }) => kind !== "entry",
  );
  const dot = typed.lastIndexOf(".") + 1;
  const [head, tail] = [typed.slice(0, dot), typed.slice(dot).toLowerCase()];
  const fitting = names.filter((each) => each.name.startsWith(head));
  const near = fitting.filter((each) => isNext(each, head, tail));
  const far = tail
    ? fitting.filter((each) => !near.includes(each) && lastOf(each.name).startsWith(tail))
    : [];
  const isCalled = after.startsWith("(");
  const called = functions
    .filter((each) => isCallable(each, head, names) && (tail || !near.length || !head))
    .filter((each) => each.name.toLowerCase().startsWith(tail))
    .map((each) => asCall(each, head, isCalled));
  const found = [...near.map(asOption), ...called, ...far.map(asOption)];
  const isDone = found.length === 1 && found[0].text === typed;
  return isDone ? [] : found.slice(0, MOST);
}

/** The variables of the macros that are open, `x` in `input.orders.map(x, …`, with the
 * fields of what they stand for. The innermost comes first.
 * @param {string} before @param {Name[]} known @param {Func[]} functions
 * @returns {Name[]} */
function macroNames(before, known, functions) {
  const macros = functions.filter(({ kind }) => kind === "macro");
  return openMacros(before, new Set(macros.map(({ name }) => name))).flatMap(
    ({ variable, list }) => {
      const entry = `${list}[]`;
      const inside = known.filter(
        ({ name }) => name === entry || name.startsWith(`${entry}.`),
      );
      const fields = inside.map((each) => {
        const rest = each.name.slice(entry.length);
        const kind = rest.includes("[]") ? "entry" : rest ? "field" : "variable";
        return { ...each, name: variable + rest, kind: /** @type {Name["kind"]} */ (kind) };
      });
      return fields.some(({ name }) => name === variable)
        ? fields
        : [{ name: variable, kind: "variable", type: "", help: "", asks_first: false }];
    },
  );
}

/** @param {string} before @param {Set<string>} macros
 * @returns {{variable: string, list: string}[]} innermost first */
function openMacros(before, macros) {
  // Brackets in strings and comments open nothing.
  const code = before.replace(TOKEN, (word) =>
    word.length > 1 ? " ".repeat(word.length) : word,
  );
  /** @type {number[]} */
  const open = [];
  for (const { 0: sign, index } of code.matchAll(/[()[\]{}]/g))
    if ("([{".includes(sign)) open.push(index);
    else open.pop();
  return open.reverse().flatMap((at) => {
    const called = /([\w.]*)\.(\w+)\s*$/.exec(code.slice(0, at));
    const first = /^\(\s*([A-Za-z_]\w*)\s*,/.exec(code.slice(at));
    return called && first && macros.has(called[2])
      ? [{ variable: first[1], list: called[1] }]
      : [];
  });
}

/** Whether a name goes on from what is typed: without a dot, a variable or a step.
 * @param {Name} each @param {string} head @param {string} tail */
function isNext({ name, kind }, head, tail) {
  const rest = name.slice(head.length).toLowerCase();
  if (head) return !rest.includes(".") && rest.startsWith(tail);
  if (kind === "field") return false;
  return rest.startsWith(tail) || (kind === "step" && lastOf(rest).startsWith(tail));
}

/** @param {string} name */
const lastOf = (name) => name.slice(name.lastIndexOf(".") + 1).toLowerCase();

/** Whether a function can stand there: methods behind a value of their kind.
 * @param {Func} each @param {string} head @param {Name[]} names */
function isCallable({ kind, signature }, head, names) {
  if (kind === "function") return head === "";
  const value = names.find((each) => `${each.name}.` === head);
  const subject = signature.slice(0, signature.indexOf("."));
  return head !== "" && (!value?.type || value.type.includes(subject));
}

/** @param {Name} each @returns {Option} */
const asOption = ({ name, type, help, asks_first }) => ({
  kind: "name",
  label: name,
  text: name,
  back: 0,
  type,
  help,
  asksFirst: asks_first,
});

/** @param {Func} each @param {string} head @param {boolean} isCalled @returns {Option} */
function asCall({ name, kind, signature, help }, head, isCalled) {
  const inside = kind === "macro" ? "x, " : "";
  return {
    kind: "function",
    label: signature.split(" → ")[0],
    text: isCalled ? head + name : `${head}${name}(${inside})`,
    back: isCalled ? 0 : 1,
    type: signature.split(" → ").at(-1) ?? "",
    help: `${signature}. ${help}`,
    asksFirst: false,
  };
}
