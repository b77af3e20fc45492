// What a list of many says of one credential, as text and as CSV: the same columns as
// "laurel verify --csv", in the same order.

import {readClaimLink} from './claimlink';
import {fromSeen, oneLine, safe} from '../verifier/characters';
import {hostOf} from '../verifier/host';
import type {Judged} from '../verifier/judged';
import {isObject} from '../verifier/json';
import {codeOf, sayResult, type Verdict} from '../verifier/report';
import {firstSubject, idOf, isUnnamed, items, objectOf, stringOf, subjectName, textOf} from '../verifier/text';
import {nameOf, type Compared} from './related';
import {t} from './words';

const columns = ['file', 'verdict', 'who', 'what', 'by', 'awarded', 'from', 'until', 'code', 'reason', 'fit'] as const;

/** A row, safe to show: verdict is empty of what was not judged. */
export type Row = Record<Exclude<typeof columns[number], 'verdict'>, string> & {verdict: Verdict | ''};

/** The rows about a file: its own and, after it, those of the credentials in a
 * presentation, which are counted from 0 in brackets; each with what it is about. */
export function rowsOf(file: string, judged: Judged, files: Compared): {row: Row; judged: Judged}[] {
  const {report, parts} = judged;
  const inside = report.format === 'presentation' ? parts.filter(p => p.what === 'contained') : [];
  return [{row: rowOf(file, judged, files), judged}, ...inside.flatMap((p, i) => rowsOf(`${file}[${i}]`, p.judged, new Map()))];
}

function rowOf(file: string, judged: Judged, files: Compared): Row {
  const {report} = judged;
  const presentation = report.format === 'presentation';
  const doc = presentation ? undefined : judged.doc;
  const subject = doc && firstSubject(doc);
  const name = isObject(doc?.issuer) ? safe(textOf(doc.issuer.name)) : '';
  const host = safe(hostOf(idOf(doc?.issuer)));
  const old = report.format === 'vc-1.1';
  const day = (member: string): string => {
    const at = safe(stringOf(doc, member));
    return /^\d{4}-\d\d-\d\dT/.test(at) ? at.slice(0, 10) : at;
  };
  const [code, reason, unfit] = why(judged, files);
  return {
    file, verdict: report.verdict,
    who: presentation ? safe(idOf(judged.doc?.holder)) : safe(subjectName(subject) || (isUnnamed(subject) ? '' : stringOf(subject, 'id'))),
    what: safe(textOf(objectOf(subject, 'achievement')?.name)) || safe(textOf(doc?.name)),
    by: name && host ? `${name} (${host})` : name || host,
    awarded: day('awardedDate'), from: day(old ? 'issuanceDate' : 'validFrom'), until: day(old ? 'expirationDate' : 'validUntil'),
    code, reason, fit: unfit ? 'no' : '',
  };
}

/** Why a report is as it is: the row that decided, with who signed it if that is known; of a valid credential a file that was
 * changed, else what warns of it: last of who the issuer or the subject is, and not of an
 * issuer whose domain nobody looked up, as nearly every report does, unless its name may be
 * taken for another, which is told first. True: it is a file that does not belong to it. */
function why({report, doc, signed}: Judged, files: Compared): [code: string, reason: string, unfit?: boolean] {
  const other = items(doc?.relatedResource).filter(isObject).find(r => files.get(stringOf(r, 'id')) === 'differs');
  if (report.verdict === 'valid' && other) {
    return ['file-differs', t('reason.file-differs', {file: safe(nameOf(other))}), true];
  }
  const warns = report.checks.filter(c => c.outcome === 'warn');
  const row = report.verdict !== 'valid' ? report.decisive() :
    warns.find(c => codeOf(c) === 'issuer-lookalike') ??
    warns.find(c => c.name !== 'issuer-trust' && c.name !== 'subject') ??
    warns.find(c => codeOf(c) !== 'issuer-unregistered');
  return row ? [codeOf(row), sayResult(signed ?? row, t)] : ['', ''];
}

/** The row about a file that was not judged. */
export function rowOfNone(file: string, reason: string): Row {
  return {...Object.fromEntries(columns.map(name => [name, ''])) as Row, file, reason};
}

/** The name of a file as it may be shown: without what moves or hides text, and
 * without a claim link, since whoever has that has the award. */
export function fileName(name: string): string {
  return readClaimLink(name) === 'none' ? oneLine(name) : '…';
}

/** Rows as RFC 4180 has them, and as internal/publishing/deliver writes them: with the
 * mark by which spreadsheets know UTF-8, and an apostrophe before what they would take
 * for a formula, at the beginning of a cell and after what other programs split at. */
export function csv(rows: Row[]): Blob {
  const cell = (text: string): string => {
    const inert = text.replace(/[^;,|\t\r\n]*(?:[;,|\t\r\n]|$)/g, piece => /^[=+\-@＝＋－＠]/.test(fromSeenAfterQuotes(piece)) ? `'${piece}` : piece);
    return /[";,|\t\r\n]/.test(inert) || inert.trim() !== inert ? `"${inert.replaceAll('"', '""')}"` : inert;
  };
  const lines = [columns.join(','), ...rows.map(row => columns.map(name => cell(row[name])).join(','))];
  return new Blob(['\ufeff', ...lines.map(line => `${line}\r\n`)], {type: 'text/csv;charset=utf-8'});
}

function fromSeenAfterQuotes(s: string): string {
  const seen = fromSeen(s);
  return seen.startsWith('"') ? fromSeenAfterQuotes(seen.slice(1)) : seen;
}
