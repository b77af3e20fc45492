// What an award's page shows of a signed credential: site.AwardPage, field for
// field and made in the same way, from the credential alone and what the page
// knows of the site. Go's names are the fields' names, as templates use them.

import {parseDateTime} from '../verifier/datetime';
import {Time} from './value';

export interface Link {Label: string; Href: string; Current: boolean}

export interface Issuer {
  DID: string; Name: string; URL: string; Email: string; Phone: string; Description: string;
  Address: string[]; ImageHref: string; ImageAlt: string;
}

export interface Alignment {Name: string; URL: string; Code: string; Framework: string; Description: string; Type: string}

export interface Level {Name: string; Description: string; Level: string; Points: string; Required: boolean}

export interface ResultDescription {
  Name: string; Type: string; AllowedValues: string[]; ValueMin: string; ValueMax: string; Required: string;
  Levels: Level[]; Alignments: Alignment[];
}

export interface Achievement {
  ID: string; Name: string; Description: string; Type: string; CriteriaMarkdown: string; CriteriaURL: string;
  ImageHref: string; ImageAlt: string; Alignments: Alignment[]; Results: ResultDescription[]; Creator: string;
  CreditsAvailable: string; FieldOfStudy: string; Specialization: string; HumanCode: string; Language: string;
  Version: string; Tags: string[]; Related: Link[]; Href: string;
}

export interface Result {Name: string; Value: string; Status: string; Level: Level | null; Alignments: Alignment[]}

export interface Evidence {Name: string; Description: string; URL: string; Genre: string; Audience: string; NarrativeMarkdown: string}

export interface AwardStatus {State: string; Since: Time; Reason: string; ReplacedHref: string}

export interface LinkedIn {Href: string; Name: string; Organization: string; Issued: Time; Expires: Time; CredentialID: string; URL: string}

export interface Take {
  PageURL: string; VerifyURL: string; CredentialURL: string; WalletHref: string; VerifierPlusHref: string; LinkedIn: LinkedIn;
}

export interface Common {
  Root: string; Path: string; Canonical: string; Language: string; Title: string; Description: string; NoIndex: boolean;
  Issuer: Issuer; Nav: Link[];
}

export interface AwardView extends Common {
  Common: Common;
  CredentialID: string; RecipientName: string; RecipientID: string; Achievement: Achievement; Results: Result[]; Evidence: Evidence[];
  NarrativeMarkdown: string; AwardedDate: Time; ValidFrom: Time; ValidUntil: Time; ActivityStart: Time; ActivityEnd: Time;
  CreditsEarned: string; LicenseNumber: string; Role: string; Term: string; Source: string; Status: AwardStatus;
  Cryptosuite: string; VerificationMethod: string; StatusList: string; StatusIndex: string;
  CredentialHref: string; BadgePNGHref: string; BadgeSVGHref: string; JWTHref: string; Take: Take;
}

/** What the page that shows an award knows beside its credential. */
export interface AwardContext {
  /** The site's URL as its credentials name it, ending in a slash. */
  base: string;
  /** The way from the page to the site's root, ending in a slash: "../". */
  root: string;
  /** The page's place in the site: "claim/index.html". */
  path: string;
  /** The language where the achievement names none. */
  language: string;
  /** A link that opens the award, for a sealed one; absent for a public one,
   * which has addresses of its own. */
  share?: string;
  /** Whether the award is sealed; by default it is when there is such a link. */
  sealed?: boolean;
  /** The status that was found; State is "" where none is to be told. */
  status: {State: 'valid' | 'revoked' | 'suspended' | '', Since?: Date, Reason?: string, ReplacedHref?: string};
  /** Where the downloads lead; those absent are not shown. */
  files?: {'credential.json'?: string, 'badge.png'?: string, 'badge.svg'?: string, 'credential.jwt'?: string};
  /** The names of the achievements that have a page, by slug. The award's own
   * has one always. */
  achievements?: Record<string, string>;
  nav?: Link[];
}

/** The view of a credential, from its text as it was signed: the link for a
 * wallet holds that text. Throws where a member is not of the type it has in
 * what laurel signs; whether the credential is valid is not asked here. */
export function awardView(document: string, context: AwardContext): AwardView {
  const c = new Members(JSON.parse(document), 'credential');
  const subject = c.object('credentialSubject') ?? new Members({}, 'credentialSubject');
  const achievement = subject.object('achievement') ?? new Members({}, 'achievement');
  const common = commonOf(c, achievement, context);
  const files = context.files ?? {};
  const [proof] = c.objects('proof');
  const descriptions = achievement.objects('resultDescription');
  const status = c.object('credentialStatus');
  const view = {
    ...common,
    Common: common,
    CredentialID: c.text('id'),
    RecipientName: recipientName(subject),
    RecipientID: subject.text('id').replace(/^urn:uuid:.*$/s, ''), // a random one tells nothing
    Achievement: achievementOf(achievement, context),
    Results: subject.objects('result').map(r => resultOf(r, descriptions)),
    Evidence: c.objects('evidence').map(evidenceOf),
    NarrativeMarkdown: subject.text('narrative'),
    AwardedDate: c.time('awardedDate'),
    ValidFrom: c.time('validFrom'),
    ValidUntil: c.time('validUntil'),
    ActivityStart: subject.time('activityStartDate'),
    ActivityEnd: subject.time('activityEndDate'),
    CreditsEarned: subject.number('creditsEarned'),
    LicenseNumber: subject.text('licenseNumber'),
    Role: subject.text('role'),
    Term: subject.text('term'),
    Source: subject.object('source')?.text('name') ?? '',
    Status: statusOf(context),
    Cryptosuite: proof?.text('cryptosuite') ?? '',
    VerificationMethod: (proof?.text('verificationMethod') ?? '').trim(),
    StatusList: status?.text('statusListCredential') ?? '',
    StatusIndex: status?.text('statusListIndex') ?? '',
    CredentialHref: files['credential.json'] ?? '',
    BadgePNGHref: files['badge.png'] ?? '',
    BadgeSVGHref: files['badge.svg'] ?? '',
    JWTHref: files['credential.jwt'] ?? '',
  };
  return {...view, Take: takeOf(view, document, context)};
}

function commonOf(c: Members, achievement: Members, context: AwardContext): Common {
  return {
    Root: context.root,
    Path: context.path,
    Canonical: isSealed(context) ? '' : context.base + context.path.replace(/index\.html$/, ''),
    Language: achievement.text('inLanguage') || context.language,
    Title: achievement.text('name'),
    Description: '',
    NoIndex: true,
    Issuer: issuerOf(c.object('issuer') ?? new Members({}, 'issuer'), context),
    Nav: context.nav ?? [],
  };
}

function isSealed(context: AwardContext): boolean {
  return context.sealed ?? Boolean(context.share);
}

function statusOf({status}: AwardContext): AwardStatus {
  return {State: status.State, Since: new Time(status.Since?.getTime()), Reason: status.Reason ?? '', ReplacedHref: status.ReplacedHref ?? ''};
}

function issuerOf(issuer: Members, context: AwardContext): Issuer {
  const image = issuer.object('image');
  const address = issuer.object('address');
  const lines = address ? [
    address.text('streetAddress'), address.text('postOfficeBoxNumber'),
    `${address.text('postalCode')} ${address.text('addressLocality')}`.trim(),
    address.text('addressRegion'), address.text('addressCountry'),
  ] : [];
  return {
    DID: issuer.text('id'), Name: issuer.text('name'), URL: issuer.text('url'), Email: issuer.text('email'), Phone: issuer.text('phone'),
    Description: issuer.text('description'), Address: lines.filter(Boolean),
    ImageHref: image ? onSite(image.text('id'), context) : '', ImageAlt: image?.text('caption') ?? '',
  };
}

/** Where a file of the site is, seen from the page, or "" for another's. */
function onSite(url: string, context: AwardContext): string {
  return url.startsWith(context.base) ? context.root + url.slice(context.base.length) : '';
}

function recipientName(subject: Members): string {
  for (const id of subject.objects('identifier')) {
    if (id.text('identityType') === 'name' && !id.flag('hashed')) {
      return id.text('identityHash');
    }
  }
  return '';
}

function achievementOf(a: Members, context: AwardContext): Achievement {
  const criteria = a.object('criteria');
  const image = a.object('image');
  const slug = slugOf(a.text('id'), context);
  return {
    ID: a.text('id'), Name: a.text('name'), Description: a.text('description'), Type: label(a.text('achievementType')),
    CriteriaMarkdown: criteria?.text('narrative') ?? '', CriteriaURL: criteria?.text('id') ?? '',
    ImageHref: onSite(image?.text('id') ?? '', context) || (slug === '' ? '' : `${context.root}achievements/${slug}/image.png`),
    ImageAlt: image?.text('caption') ?? '',
    Alignments: a.objects('alignment').map(alignmentOf),
    Results: a.objects('resultDescription').map(descriptionOf),
    Creator: a.object('creator')?.text('name') ?? '',
    CreditsAvailable: a.number('creditsAvailable'), FieldOfStudy: a.text('fieldOfStudy'), Specialization: a.text('specialization'),
    HumanCode: a.text('humanCode'), Language: a.text('inLanguage'), Version: a.text('version'), Tags: a.texts('tag'),
    Related: a.objects('related').flatMap(r => relatedOf(r.text('id'), context)),
    Href: slug === '' ? '' : `${context.root}achievements/${slug}/`,
  };
}

/** The slug of an achievement of this site, or "". */
function slugOf(id: string, context: AwardContext): string {
  const start = `${context.base}achievements/`;
  if (!id.startsWith(start)) {
    return '';
  }
  const [slug, ...rest] = id.slice(start.length).split('/');
  return rest.join('/') === 'achievement.json' ? slug! : '';
}

/** The link to a related achievement; one of this site that has no page is left
 * out. */
function relatedOf(id: string, context: AwardContext): Link[] {
  const slug = slugOf(id, context);
  if (slug === '') {
    return [{Label: id, Href: /^https?:\/\//.test(id) ? id : '', Current: false}];
  }
  const names = context.achievements ?? {};
  const name = Object.hasOwn(names, slug) ? names[slug]! : '';
  return name === '' ? [] : [{Label: name, Href: `${context.root}achievements/${slug}/`, Current: false}];
}

function alignmentOf(a: Members): Alignment {
  return {
    Name: a.text('targetName'), URL: a.text('targetUrl'), Code: a.text('targetCode'), Framework: a.text('targetFramework'),
    Description: a.text('targetDescription'), Type: label(a.text('targetType')),
  };
}

function descriptionOf(d: Members): ResultDescription {
  const required = d.text('requiredLevel');
  const levels = d.objects('rubricCriterionLevel').map(l => ({...levelOf(l), Required: l.text('id') === required}));
  return {
    Name: d.text('name'), Type: label(d.text('resultType')), AllowedValues: d.texts('allowedValue'),
    ValueMin: d.text('valueMin'), ValueMax: d.text('valueMax'),
    Required: levels.findLast(l => l.Required)?.Name ?? d.text('requiredValue'),
    Levels: levels, Alignments: d.objects('alignment').map(alignmentOf),
  };
}

function levelOf(l: Members): Level {
  return {Name: l.text('name'), Description: l.text('description'), Level: l.text('level'), Points: l.text('points'), Required: false};
}

/** Joins a result with the description it refers to. */
function resultOf(r: Members, descriptions: Members[]): Result {
  const result: Result = {Name: '', Value: r.text('value'), Status: r.text('status'), Level: null, Alignments: r.objects('alignment').map(alignmentOf)};
  for (const d of descriptions.filter(d => d.text('id') === r.text('resultDescription'))) {
    result.Name = d.text('name');
    for (const l of d.objects('rubricCriterionLevel').filter(l => l.text('id') === r.text('achievedLevel'))) {
      result.Level = {...levelOf(l), Required: l.text('id') === d.text('requiredLevel')};
      result.Value ||= l.text('name');
    }
  }
  return result;
}

function evidenceOf(e: Members): Evidence {
  return {
    Name: e.text('name'), Description: e.text('description'), URL: e.text('id'), Genre: e.text('genre'),
    Audience: e.text('audience'), NarrativeMarkdown: e.text('narrative'),
  };
}

/** Turns a term such as "CertificateOfCompletion" or "ext:ESCOSkill" into words:
 * "Certificate of Completion", "ESCO Skill". */
export function label(term: string): string {
  const letters = Array.from(term.replace(/^[^:]*:/, ''));
  const is = (kind: RegExp, at: number): boolean => kind.test(letters[at] ?? '');
  const [upper, lower] = [/^\p{Lu}$/u, /^\p{Ll}$/u];
  return letters.map((c, i) => {
    const starts = i > 0 && is(upper, i) && (is(lower, i - 1) || (is(upper, i - 1) && is(lower, i + 1)));
    return starts ? ` ${c}` : c;
  }).join('').replaceAll(' Of ', ' of ');
}

function takeOf(view: Omit<AwardView, 'Take'>, document: string, context: AwardContext): Take {
  const uuid = view.CredentialID.replace(/^urn:uuid:/, '');
  const page = context.share || (isSealed(context) ? '' : `${context.base}awards/${uuid}/`);
  const credential = isSealed(context) ? '' : `${context.base}awards/${uuid}/credential.json`;
  return {
    PageURL: page,
    VerifyURL: context.share || `${context.base}verify/${isSealed(context) ? '' : `#${uuid}`}`,
    CredentialURL: credential,
    WalletHref: walletHref(context.base, document),
    VerifierPlusHref: credential === '' ? '' : `https://verifierplus.org/#verify?vc=${encodeURIComponent(credential)}`,
    LinkedIn: linkedIn(view, page),
  };
}

/** A link that hands the credential to the Learner Credential Wallet. The wallet
 * decodes it twice, so percent signs, which occur in strings only, are escaped
 * as JSON first, like all that is not ASCII. */
function walletHref(base: string, document: string): string {
  const origin = /^[^/]*\/\/[^/]*/.exec(base)?.[0] ?? '';
  const request = `{"credentialRequestOrigin":"${origin}","verifiablePresentation":{` +
    '"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],' +
    `"verifiableCredential":[${document}]}}`;
  const ascii = request.replace(/[^\x00-\x7f]|%/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `https://lcw.app/request?request=${encodeURIComponent(ascii)}`;
}

function linkedIn(view: Omit<AwardView, 'Take'>, page: string): LinkedIn {
  const l = {
    Name: view.Achievement.Name, Organization: view.Issuer.Name, Issued: view.AwardedDate.isZero() ? view.ValidFrom : view.AwardedDate,
    Expires: view.ValidUntil, CredentialID: view.CredentialID.replace(/^urn:uuid:/, ''), URL: page,
  };
  const month = (prefix: string, t: Time): [string, string][] =>
    t.isZero() ? [] : [[`${prefix}Year`, String(t.day().y)], [`${prefix}Month`, String(t.day().m)]];
  const fields: [string, string][] = [
    ['name', l.Name], ['organizationName', l.Organization], ...month('issue', l.Issued), ...month('expiration', l.Expires),
    ['certUrl', l.URL], ['certId', l.CredentialID],
  ];
  const query = fields.filter(([, value]) => value !== '').map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join('');
  return {...l, Href: `https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME${query}`};
}

/** The members of a JSON object, of the types that they have in what laurel
 * signs; an absent one, or null, is empty. */
class Members {
  private readonly members: Record<string, unknown>;

  constructor(value: unknown, private readonly name: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error(`${name} is no object`);
    }
    this.members = value as Record<string, unknown>;
  }

  private get(key: string): unknown {
    return Object.hasOwn(this.members, key) ? this.members[key] ?? undefined : undefined;
  }

  private wrong(key: string): Error {
    return new Error(`${this.name}: ${key} is of another type`);
  }

  text(key: string): string {
    const value = this.get(key) ?? '';
    if (typeof value !== 'string') {
      throw this.wrong(key);
    }
    return value;
  }

  flag(key: string): boolean {
    const value = this.get(key) ?? false;
    if (typeof value !== 'boolean') {
      throw this.wrong(key);
    }
    return value;
  }

  private list(key: string): unknown[] {
    const value = this.get(key) ?? [];
    if (!Array.isArray(value)) {
      throw this.wrong(key);
    }
    return value;
  }

  texts(key: string): string[] {
    return this.list(key).map(value => {
      if (typeof (value ?? '') !== 'string') {
        throw this.wrong(key);
      }
      return (value ?? '') as string;
    });
  }

  object(key: string): Members | undefined {
    const value = this.get(key);
    return value === undefined ? undefined : new Members(value, key);
  }

  objects(key: string): Members[] {
    return this.list(key).map(value => new Members(value ?? {}, key));
  }

  /** A date and time, in whole seconds. */
  time(key: string): Time {
    const written = this.text(key);
    if (written === '') {
      return new Time();
    }
    const moment = parseDateTime(written);
    if (!moment) {
      throw new Error(`${this.name}: ${key} is not a date and time with a time zone`);
    }
    return new Time(Math.floor(moment.ms / 1000) * 1000);
  }

  /** A number in digits, without an exponent, or "". */
  number(key: string): string {
    const value = this.get(key);
    if (value === undefined) {
      return '';
    }
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw this.wrong(key);
    }
    return decimal(value);
  }
}

function decimal(n: number): string {
  const [digits, exponent] = Math.abs(n).toExponential().split('e') as [string, string];
  const [whole, rest = ''] = digits.split('.') as [string, string?];
  const all = whole + rest;
  const point = 1 + Number(exponent);
  const sign = n < 0 || Object.is(n, -0) ? '-' : '';
  if (point <= 0) {
    return `${sign}0.${'0'.repeat(-point)}${all}`;
  }
  return sign + all.slice(0, point).padEnd(point, '0') + (all.length > point ? `.${all.slice(point)}` : '');
}
