import type { Event } from './sim/events.ts';
import { slots } from './slots.ts';
import type { SlotName } from './slots.ts';

/** How an event is said, in one of these forms, and what it means. `{field}` or `{field:slot}` is left open. */
interface Saying {
  readonly forms: readonly string[];
  readonly means: string;
}

/** Every kind of event in words. */
const sayings: Readonly<Record<Event['kind'], Saying>> = {
  demand: { forms: ['demand {to:count}'], means: 'somebody asks for so many ready pods' },
  template: { forms: ['new template'], means: 'a new version is to be rolled out' },
  slowTemplate: { forms: ['new slow template'], means: 'a new version, whose pods take 13 minutes to start' },
  narrow: { forms: ['new template without tolerations'], means: 'a new version that tolerates no taint any more' },
  badTemplate: { forms: ['bad template {fault:fault}'], means: 'a new version that cannot work' },
  selectPool: {
    forms: ['new template for pool {pool:name}'],
    means: 'a new version, for nodes whose label pool says so',
  },
  ports: {
    forms: ['new ports {of:ports} with target {target:target}'],
    means: 'template and Service change their ports',
  },
  zones: { forms: ['use {zones:zones}'], means: 'the Kitchen is limited to these zones' },
  pause: { forms: ['pause'], means: 'the Kitchen is paused' },
  resume: { forms: ['resume'], means: 'and no more' },
  shift: {
    forms: ['shift {zone:zone} for {forMs:duration}'],
    means: 'requests are to leave the zone for so long',
  },
  endShift: { forms: ['end shift of {zone:zone}'], means: 'and come back' },
  killNode: { forms: ['kill {node:node}'], means: 'the machine dies' },
  killZone: { forms: ['kill {zone:zone}'], means: 'all machines of the zone die' },
  healNode: { forms: ['heal {node:node}'], means: 'the machine boots again, or is heard again' },
  healZone: { forms: ['heal {zone:zone}'], means: 'all machines of the zone do' },
  removeNode: { forms: ['remove {node:node}'], means: 'the machine and its Node go without a warning' },
  removeZone: { forms: ['remove {zone:zone}'], means: 'all of the zone do' },
  addNode: { forms: ['add a node to {zone:zone}'], means: 'a new machine joins a zone, old or new' },
  cutOff: { forms: ['cut off {node:node}'], means: 'its kubelet is not heard any more, its pods run on' },
  flap: {
    forms: ['flap {node:node} {times:count} times'],
    means: 'it is cut off until it is called lost, and heard again',
  },
  restartKubelet: {
    forms: ['restart kubelet of {node:node} for {forMs:duration}'],
    means: 'not Ready for so long, its pods run on',
  },
  suspect: { forms: ['suspect {node:node} for {forMs:duration}'], means: 'its Lease is not renewed, its pods run on' },
  refuseLeases: {
    forms: ['refuse leases for {forMs:duration}'],
    means: 'the API server takes no Lease, and the node controller waits',
  },
  missLeases: { forms: ['miss leases for {forMs:duration}'], means: 'the operator alone hears of no Lease' },
  cordon: { forms: ['cordon {node:node}'], means: 'no new pods come to the node' },
  uncordon: { forms: ['uncordon {node:node}'], means: 'whatever kept pods away, or announced its end, is taken back' },
  drain: { forms: ['drain {node:node}'], means: 'kubectl drain: cordoned, then its pods are evicted' },
  reclaim: { forms: ['reclaim {node:node}'], means: 'an autoscaler taints, drains and removes it' },
  taint: { forms: ['taint {node:node}'], means: "an autoscaler's taint announces its end" },
  announce: { forms: ['announce {node:node}'], means: 'a condition says that it is about to be drained' },
  notice: {
    forms: ['give notice to {node:node}'],
    means: 'a taint evicts its pods when what they tolerate has passed',
  },
  reserve: { forms: ['reserve {node:node}'], means: "its owners' taint keeps new pods away" },
  relabel: { forms: ['give {node:node} to {zone:zone}'], means: 'its zone label is changed' },
  renameZone: { forms: ['rename {zone:zone}'], means: 'the zone labels of all its nodes are changed' },
  renamePool: {
    forms: ['rename pool of {zone:zone} to {pool:name}'],
    means: 'the label pool of all its nodes is changed',
  },
  stallZone: { forms: ['stall {zone:zone}'], means: 'pods that start there get no further' },
  unstallZone: { forms: ['unstall {zone:zone}'], means: 'and do again' },
  quota: {
    forms: ['quota {pods:most} in {zone:zone}', 'quota {pods:most}'],
    means: 'the API server takes so many pods at most',
  },
  evictions: {
    forms: ['evict {many:count} within {forMs:duration}'],
    means: 'somebody evicts pods at the worst moments',
  },
  deletePod: { forms: ['delete pod {index:count}'], means: 'somebody deletes a pod, past every budget' },
  deleteDeployment: {
    forms: ['delete deployment of {zone:zone} for {forMs:duration}'],
    means: 'in the foreground, and a pod of it does not end for so long',
  },
  pauseDeployment: { forms: ['pause deployment of {zone:zone}'], means: 'somebody pauses its rollouts' },
  meddle: { forms: ['scale {zone:zone} to {to:count}'], means: "somebody scales the zone's Deployment" },
  contest: {
    forms: ['contest {zone:zone} with {most:count} every {everyMs:duration} for {forMs:duration}'],
    means: "an autoscaler lets the zone's Deployment have no more, again and again",
  },
  capReplicas: { forms: ['cap deployments to {most:count}'], means: 'admission lets no Deployment have more' },
  strangerComes: { forms: ['stranger on {node:node}'], means: "a pod made by hand, with the station's labels" },
  quarantine: {
    forms: ['quarantine pod {index:count} by {label:label}'],
    means: 'a label is changed, and its ReplicaSet lets go of it',
  },
  refuseBudgets: { forms: ['refuse budgets for {forMs:duration}'], means: 'a webhook lets no budget be written' },
  refuseRollBacks: { forms: ['refuse rollbacks'], means: 'a webhook lets no Deployment go back' },
  missEvents: {
    forms: ['miss {of:kind} for {forMs:duration}'],
    means: "the operator's watch of a kind loses what it should tell",
  },
  stopOperator: { forms: ['stop operator'], means: 'it ends without a warning' },
  startOperator: { forms: ['start operator'], means: 'it starts without a memory' },
  replaceOperator: {
    forms: ['replace operator'],
    means: 'at its next write with a condition it freezes; another leads, and much later the write arrives',
  },
  crashOperator: {
    forms: ['crash operator after {afterWrites:count} writes'],
    means: 'it ends right after a write, and starts again',
  },
};

/** Words that are no event, and what would be right. */
export class WordsError extends Error {
  override readonly name = 'WordsError';
}

interface Form {
  readonly kind: Event['kind'];
  readonly text: string;
  readonly regExp: RegExp;
  readonly open: readonly { readonly field: string; readonly slot: SlotName }[];
}

const opening = /\{(\w+):(\w+)\}/g;

const forms: readonly Form[] = Object.entries(sayings).flatMap(([kind, saying]) =>
  saying.forms.map((text) => ({
    kind: kind as Event['kind'],
    text,
    open: [...text.matchAll(opening)].map(([, field = '', slot = '']) => ({ field, slot: slot as SlotName })),
    regExp: new RegExp(`^${text.replaceAll(opening, (_, __, slot: SlotName) => `(${slots[slot].pattern})`)}$`),
  })),
);

/** An event as it is said. */
export function inWords(event: Event): string {
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  const form = forms.find(
    ({ kind, open }) => kind === event.kind && open.every(({ field }) => fields[field] !== undefined),
  );
  if (form === undefined) throw new Error(`no form says ${JSON.stringify(event)}`);
  return form.text.replaceAll(opening, (_, field: string, slot: SlotName) => slots[slot].print(fields[field]));
}

/** The event that is said; throws a `WordsError` that says what would be right. */
export function eventIn(words: string): Event {
  const text = words.trim().replaceAll(/\s+/g, ' ');
  for (const { kind, open, regExp } of forms) {
    const match = regExp.exec(text);
    if (match === null) continue;
    const fields = open.map(({ field, slot }, index) => [field, slots[slot].read(match[index + 1] ?? '')]);
    return { kind, ...Object.fromEntries(fields) } as Event;
  }
  throw new WordsError(`no event is called "${text}": ${whatIsRight(text)}`);
}

/** Every form with its meaning, then what to write where something is left open. */
export function wordsHelp(): string {
  const lines = Object.values(sayings).flatMap(({ forms: said, means }) =>
    said.map((form, index) => `  ${shown(form).padEnd(52)}  ${index === 0 ? means : ''}`.trimEnd()),
  );
  const open = new Set(forms.flatMap((form) => form.open.map(({ slot }) => slot)));
  const meanings = [...open].map((slot) => `  ${slot.toUpperCase().padEnd(52)}  ${slots[slot].means}`);
  return [...lines, '', ...meanings].join('\n');
}

function whatIsRight(text: string): string {
  const [first = ''] = text.split(' ');
  const alike = forms.filter((form) => form.text.split(' ')[0] === first);
  if (alike.length === 0) return `none begins with "${first}", --help lists all that there are`;
  const open = [...new Set(alike.flatMap((form) => form.open.map(({ slot }) => slot)))];
  const meanings = open.map((slot) => `${slot.toUpperCase()} is ${slots[slot].means}`);
  return `say ${[alike.map((form) => shown(form.text)).join(', or '), ...meanings].join('; ')}`;
}

/** A form with what is left open in capitals. */
function shown(form: string): string {
  return form.replaceAll(opening, (_, __, slot: string) => slot.toUpperCase());
}
