// The form of status entries and status lists (Bitstring Status List v1.0).

import {Place} from './failure';
import {Findings} from './findings';
import {has, isObject, type Doc, type Value} from './json';
import {eachObject} from './members';
import {hasType, stringOf} from './text';
import {isURL} from './url';

const bsl = 'Bitstring Status List 1.0';

export function credentialStatus(f: Findings, doc: Doc, at: Place): void {
  const before = f.verifier;
  f.verifier = bsl;
  eachObject(doc, 'credentialStatus', at, (o, here) => {
    if (hasType(o, 'BitstringStatusListEntry')) {
      statusEntry(f, o, here);
    }
  });
  f.verifier = before;
}

function statusEntry(f: Findings, o: Doc, at: Place): void {
  if (stringOf(o, 'statusPurpose') === '') {
    f.add('status-malformed', at.member('statusPurpose'), 'statusPurpose is not a name');
  }
  if (typeof o.statusListIndex !== 'string' || !/^[0-9]+$/.test(o.statusListIndex)) {
    f.add('status-malformed', at.member('statusListIndex'), 'statusListIndex is not a decimal number written as a string');
  }
  const list = stringOf(o, 'statusListCredential');
  if (!isURL(list)) {
    f.add('status-malformed', at.member('statusListCredential'), 'statusListCredential is not a URL');
  }
  if (list !== '' && o.id === list) {
    f.add('status-malformed', at.member('id'), 'the id of the entry is that of the list');
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
    f.add('status-malformed', at.member('statusSize'), 'statusSize is not a positive whole number');
    return;
  }
  const messages = Array.isArray(o.statusMessage) ? o.statusMessage.length : 0;
  if (size > 1 && messages !== 2 ** size) {
    f.add('status-malformed', at.member('statusMessage'), 'an entry of several bits needs a message for each of their values');
  }
}

/** Checks a BitstringStatusListCredential, but for what its list expands to. */
export function statusList(f: Findings, doc: Doc, p: Place): void {
  if (!hasType(doc, 'BitstringStatusListCredential')) {
    return;
  }
  f.verifier = bsl;
  const subject = doc.credentialSubject;
  const at = p.member('credentialSubject');
  if (!isObject(subject) || !hasType(subject, 'BitstringStatusList')) {
    f.add('status-list-malformed', at, 'the subject is not one BitstringStatusList');
    return;
  }
  if (!isPurpose(subject.statusPurpose)) {
    f.add('status-list-malformed', at.member('statusPurpose'), 'statusPurpose is neither a name nor several');
  }
  if (!stringOf(subject, 'encodedList').startsWith('u')) {
    f.add('status-list-malformed', at.member('encodedList'), 'encodedList is not base64url with the prefix u');
  }
  if (has(subject, 'ttl')) {
    const ttl = subject.ttl;
    if (typeof ttl !== 'number' || ttl < 0 || !Number.isInteger(ttl)) {
      f.add('status-list-malformed', at.member('ttl'), 'ttl is not a whole number of milliseconds');
    }
  }
}

function isPurpose(v: Value | undefined): boolean {
  const list = Array.isArray(v) ? v : [v];
  return list.length > 0 && list.every(name => typeof name === 'string' && name !== '');
}
