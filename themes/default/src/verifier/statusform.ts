// The form of status entries and status lists (Bitstring Status List v1.0).

import {Place} from './failure';
import {Findings} from './findings';
import {has, isObject, type Doc, type Value} from './json';
import {eachObject} from './members';
import {hasType, stringOf} from './text';
import {isURL} from './url';

export function credentialStatus(f: Findings, doc: Doc, at: Place): void {
  eachObject(doc, 'credentialStatus', at, (o, here) => {
    if (hasType(o, 'BitstringStatusListEntry')) {
      statusEntry(f, o, here);
    }
  });
}

function statusEntry(f: Findings, o: Doc, at: Place): void {
  f.addIf(stringOf(o, 'statusPurpose') === '', 'status-malformed', at.member('statusPurpose'));
  f.addIf(typeof o.statusListIndex !== 'string' || !/^[0-9]+$/.test(o.statusListIndex), 'status-malformed', at.member('statusListIndex'));
  const list = stringOf(o, 'statusListCredential');
  f.addIf(!isURL(list), 'status-malformed', at.member('statusListCredential'));
  f.addIf(list !== '' && o.id === list, 'status-malformed', at.member('id'));
  statusSize(f, o, at);
}

/** Checks that an entry of several bits says what they mean. */
function statusSize(f: Findings, o: Doc, at: Place): void {
  if (!has(o, 'statusSize')) {
    return;
  }
  const size = o.statusSize;
  if (typeof size !== 'number' || size < 1 || !Number.isInteger(size)) {
    f.add('status-malformed', at.member('statusSize'));
    return;
  }
  const messages = Array.isArray(o.statusMessage) ? o.statusMessage.length : 0;
  f.addIf(size > 1 && messages !== 2 ** size, 'status-malformed', at.member('statusMessage'));
}

/** Checks a BitstringStatusListCredential, but for what its list expands to. */
export function statusList(f: Findings, doc: Doc, p: Place): void {
  if (!hasType(doc, 'BitstringStatusListCredential')) {
    return;
  }
  const subject = doc.credentialSubject;
  const at = p.member('credentialSubject');
  if (!isObject(subject) || !hasType(subject, 'BitstringStatusList')) {
    f.add('status-list-malformed', at);
    return;
  }
  f.addIf(!isPurpose(subject.statusPurpose), 'status-list-malformed', at.member('statusPurpose'));
  f.addIf(!stringOf(subject, 'encodedList').startsWith('u'), 'status-list-malformed', at.member('encodedList'));
  if (has(subject, 'ttl')) {
    const ttl = subject.ttl;
    f.addIf(typeof ttl !== 'number' || ttl < 0 || !Number.isInteger(ttl), 'status-list-malformed', at.member('ttl'));
  }
}

function isPurpose(v: Value | undefined): boolean {
  const list = Array.isArray(v) ? v : [v];
  return list.length > 0 && list.every(name => typeof name === 'string' && name !== '');
}
