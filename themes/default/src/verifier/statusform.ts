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
  if (stringOf(o, 'statusPurpose') === '') {
    f.add('status-malformed', at.member('statusPurpose'));
  }
  if (typeof o.statusListIndex !== 'string' || !/^[0-9]+$/.test(o.statusListIndex)) {
    f.add('status-malformed', at.member('statusListIndex'));
  }
  const list = stringOf(o, 'statusListCredential');
  if (!isURL(list)) {
    f.add('status-malformed', at.member('statusListCredential'));
  }
  if (list !== '' && o.id === list) {
    f.add('status-malformed', at.member('id'));
  }
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
  if (size > 1 && messages !== 2 ** size) {
    f.add('status-malformed', at.member('statusMessage'));
  }
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
  if (!isPurpose(subject.statusPurpose)) {
    f.add('status-list-malformed', at.member('statusPurpose'));
  }
  if (!stringOf(subject, 'encodedList').startsWith('u')) {
    f.add('status-list-malformed', at.member('encodedList'));
  }
  if (has(subject, 'ttl')) {
    const ttl = subject.ttl;
    if (typeof ttl !== 'number' || ttl < 0 || !Number.isInteger(ttl)) {
      f.add('status-list-malformed', at.member('ttl'));
    }
  }
}

function isPurpose(v: Value | undefined): boolean {
  const list = Array.isArray(v) ? v : [v];
  return list.length > 0 && list.every(name => typeof name === 'string' && name !== '');
}
