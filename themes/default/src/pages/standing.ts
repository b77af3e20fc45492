// Says a result with the scale it was reached on, as internal/standards/vc does
// (Result.Standing and its Text), of which this is the twin: a test holds both to the
// same words.

import {isObject, type Doc} from '../verifier/json';
import {items, stringOf, textOf} from '../verifier/text';
import {t} from './words';

const decimal = /^-?[0-9]{1,15}(\.[0-9]{1,15})?$/;
const isDecimal = (s: string) => decimal.test(s);

/** A result beside its description, as far as both say something. */
interface Standing {
  /** What was reached, on which scale, what passes, and whether it did. */
  text: string;
  /** Of its description. */
  name: string;
  /** What the level that was reached means. */
  meaning: string;
}

type Outcome = 'passed' | 'missed' | '';

/** Holds a result against the one of an achievement's descriptions that it names. */
export function standing(r: Doc, achievement: Doc | undefined): Standing {
  const id = stringOf(r, 'resultDescription');
  const d = items(achievement?.resultDescription).filter(isObject).find(o => stringOf(o, 'id') === id);
  let value = stringOf(r, 'value');
  let min = stringOf(d, 'valueMin');
  let max = stringOf(d, 'valueMax');
  const values = items(d?.allowedValue).filter(v => typeof v === 'string');
  if (stringOf(d, 'resultType') === 'Percent' && !min && !max && values.length === 0) {
    [min, max] = ['0', '100'];
  }
  const outcomes: Outcome[] = [];
  let required = stringOf(d, 'requiredValue');
  const numbers = required !== '' && values.length === 0 && isDecimal(required);
  if (required) {
    outcomes.push(ofValue(value, required, values, numbers));
  }
  const [levels, ordered] = ranked(d);
  const at = (level: string) => levels.findIndex(l => level !== '' && stringOf(l, 'id') === level);
  const reached = at(stringOf(r, 'achievedLevel'));
  const wanted = at(stringOf(d, 'requiredLevel'));
  value ||= textOf(levels[reached]?.name);
  if (wanted >= 0) {
    required ||= textOf(levels[wanted]?.name);
    const ranks = ordered || reached === wanted;
    outcomes.push(reached < 0 || !ranks ? '' : reached >= wanted ? 'passed' : 'missed');
  }
  const outcome = outcomes.includes('missed') ? 'missed' : outcomes.length > 0 && !outcomes.includes('') ? 'passed' : '';
  return {
    text: say(value, stringOf(r, 'status'), min, max, values, reached >= 0 && ordered ? [reached + 1, levels.length] : undefined, required, numbers, outcome),
    name: textOf(d?.name), meaning: textOf(levels[reached]?.description),
  };
}

function ofValue(value: string, required: string, values: string[], numbers: boolean): Outcome {
  if (values.length > 0) {
    const [a, b] = [values.indexOf(value), values.indexOf(required)];
    return a < 0 || b < 0 ? '' : a < b ? 'missed' : 'passed';
  }
  return !numbers || !isDecimal(value) ? '' : Number(value) < Number(required) ? 'missed' : 'passed';
}

/** The levels of a rubric, lowest first, and whether their order is known. */
function ranked(d: Doc | undefined): [Doc[], boolean] {
  const levels = items(d?.rubricCriterionLevel).filter(isObject);
  for (const rank of ['level', 'points']) {
    const ranks = new Set(levels.map(l => stringOf(l, rank)).filter(isDecimal).map(Number));
    if (levels.length > 0 && ranks.size === levels.length) {
      return [levels.toSorted((a, b) => Number(stringOf(a, rank)) - Number(stringOf(b, rank))), true];
    }
  }
  return [levels, false];
}

function say(value: string, status: string, min: string, max: string, values: string[], place: [number, number] | undefined, required: string, numbers: boolean, outcome: Outcome): string {
  const passes = required && t(numbers ? 'result.pass-at' : 'result.required', {required});
  const join = (key: string, a: string, b: string) => a === '' ? b : t(`result.${key}`, {value: a, more: b});
  let notes = '';
  if (place) {
    value = t('result.level', {value, place: String(place[0]), of: String(place[1])});
  } else if (values.length > 0) {
    notes = listed(values, (a, b) => join('more', a, b));
  } else if (value && (min || max)) {
    value = t(`result.${max && min === '0' ? 'out-of' : min && max ? 'of' : max ? 'most' : 'least'}`, {value, min, max});
  }
  if (status) {
    const key = `result.status.${status}`;
    const word = t(key);
    value = join('more', value, word === key ? status : word);
  }
  if (numbers) {
    value = t('result.more', {value, more: passes});
  } else if (passes) {
    notes = join('also', notes, passes);
  }
  if (notes !== '') {
    value = t('result.aside', {value, more: notes});
  }
  return (outcome ? t('result.outcome', {result: value, outcome: t(`result.${outcome}`)}) : value).replace(/^ /, '');
}

const mostValues = 12;

/** Writes the values of a scale, the middle of a long one left out; more joins those of
 * several words. */
function listed(values: string[], more: (a: string, b: string) => string): string {
  const shown = values.length > mostValues ? [...values.slice(0, mostValues / 2), '…', ...values.slice(-mostValues / 2)] : values;
  return shown.some(v => v.includes(' ')) ? shown.reduce(more, '') : shown.join(' ');
}
