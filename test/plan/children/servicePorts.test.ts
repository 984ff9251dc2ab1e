import assert from 'node:assert/strict';
import type { StationSpec } from '../../../operator/api/station.ts';
import type { Snapshot } from '../../../operator/model/snapshot.ts';
import { portChoices, portsNow } from '../../../operator/plan/children/servicePorts.ts';
import { planStation } from '../../../operator/plan/station/planStation.ts';
import { after, deployment, pods, spec, zone } from '../../builders/changes.ts';
import { inShort, play, stepsOf } from '../../builders/play.ts';
import { served } from '../../builders/served.ts';
import { absent } from '../../builders/snapshot.ts';

type ContainerPorts = readonly { readonly name?: string; readonly containerPort: number }[];
type Target = number | string;

const three = { nodes: 3, pods: 3 };
const zones = { 'zone-a': three, 'zone-b': three, 'zone-c': three };

function template(ports: ContainerPorts | undefined, image = 'example.org/grill:1'): StationSpec['template'] {
  return { spec: { containers: [{ name: 'grill', image, ...(ports === undefined ? {} : { ports }) }] } };
}

function to(target: Target): StationSpec['ports'] {
  return [{ name: 'http', port: 80, protocol: 'TCP', targetPort: target }];
}

/** 9 pods of 6, served at a target by a template that declares these ports. */
function running(target: Target, ports?: ContainerPorts): Snapshot {
  const station = { ports: to(target), template: template(ports) };
  return served({ demand: 6, survive: { zones: 1 }, zones, station });
}

/** Template and targets are changed at once. */
function changed(before: Snapshot, target: Target, ports?: ContainerPorts): Snapshot {
  return after(before, spec({ ports: to(target), template: template(ports, 'example.org/grill:2') }));
}

const web = [{ name: 'web', containerPort: 8080 }];
const http = [{ name: 'http', containerPort: 8080 }];

function targets(snapshot: Snapshot): readonly (Target | undefined)[] {
  return portChoices(snapshot).map(({ target }) => target);
}

/** What is said of the ports: reason and words. */
function said(snapshot: Snapshot): readonly string[] {
  const { problems } = planStation(snapshot);
  return problems.flatMap(({ kind, reason, message }) =>
    kind === 'PortsNotServed' ? [`${String(reason)}: ${message}`] : [],
  );
}

/** Where the Service led after each pass that wrote something else than a budget or a mark. */
function told(snapshot: Snapshot): readonly string[] {
  return play(snapshot).passes.flatMap((pass) => pass.filter((step) => /service|rollOut/.test(step)));
}

describe('a target that moves with the template', () => {
  it('is bridged by the number that old and new pods have in common, for as long as it takes', () => {
    const snapshot = changed(running('web', web), 'http', http);
    assert.deepEqual(targets(snapshot), [8080]);
    assert.deepEqual(said(snapshot), ['AwaitsRollout: port 80 leads to 8080, and to http once every pod has it']);
    assert.deepEqual(told(snapshot), [
      'service',
      'rollOut zone-a 3',
      'rollOut zone-b 3',
      'rollOut zone-c 3',
      'service',
    ]);
    assert.deepEqual(targets(play(snapshot).end), ['http']);
    assert.deepEqual(said(play(snapshot).end), []);
  });

  it('keeps a template back until the Service leads to its pods', () => {
    const { waits } = planStation(changed(running('web', web), 'http', http));
    assert.deepEqual(
      waits.map(({ why }) => why),
      ['the Service does not lead to 8080 yet'],
    );
  });

  it('stays where it is while new pods have the old port too, until all have the new one', () => {
    const both = [...web, { name: 'http', containerPort: 9090 }];
    const snapshot = changed(running('web', web), 'http', both);
    assert.deepEqual(targets(snapshot), ['web']);
    assert.deepEqual(told(snapshot), ['rollOut zone-a 3', 'rollOut zone-b 3', 'rollOut zone-c 3', 'service']);
    const numbers = changed(running(8080, [{ containerPort: 8080 }]), 9090, [
      { containerPort: 8080 },
      { containerPort: 9090 },
    ]);
    assert.deepEqual(told(numbers), ['rollOut zone-a 3', 'rollOut zone-b 3', 'rollOut zone-c 3', 'service']);
  });

  it('holds the template back where old and new pods have no port in common, and says the cure', () => {
    const held = [
      changed(running(8080, [{ containerPort: 8080 }]), 9090, [{ containerPort: 9090 }]),
      changed(running(8080), 9090),
    ];
    for (const snapshot of held) {
      assert.deepEqual(stepsOf(snapshot), []);
      assert.deepEqual(said(snapshot), [
        'HoldsRollout: port 80 leads to 8080, where the pods that serve listen, and no container of the new template declares 8080: declare 8080 beside 9090 for one rollout, and take it away afterwards; the new template is held back',
      ]);
    }
    const renumbered = changed(running('web', web), 'http', [{ name: 'http', containerPort: 9090 }]);
    assert.deepEqual(stepsOf(renumbered), []);
    assert.match(said(renumbered)[0] ?? '', /^HoldsRollout: port 80 leads to web, .* declare web beside http/);
  });

  it('makes a zone’s Deployment again with what the Service leads to, while the template is held back', () => {
    const held = changed(running('web', web), 'http', [{ name: 'http', containerPort: 9090 }]);
    const without = after(
      held,
      zone('zone-b', (each) => ({ ...each, deployment: absent, pods: [] })),
    );
    const [step] = planStation(without).steps;
    assert.equal(step && inShort(step), 'create zone-b 0→3');
    assert.match(JSON.stringify(step), /"name":"web"/);
    assert.doesNotMatch(JSON.stringify(step), /grill:2/);
  });

  it('is written at once where no pod runs, or none has what the Service leads to', () => {
    const fresh = after(changed(running('web', web), 'http', http), ...['zone-a', 'zone-b', 'zone-c'].map(emptied));
    assert.deepEqual(targets(fresh), ['http']);
    const { service, ...rest } = changed(running('web', web), 'http', http);
    assert.ok(service.state === 'ours');
    const [port] = service.ports;
    const broken = { ...rest, service: { ...service, ports: [{ ...port!, targetPort: 'wrong' }] } };
    assert.deepEqual(targets(broken), ['http']);
  });
});

describe('a target that is changed alone', () => {
  it('is written as the user wants it when it is a number', () => {
    const snapshot = after(running(8080, [{ containerPort: 8080 }]), spec({ ports: to(9090) }));
    assert.deepEqual([targets(snapshot), said(snapshot)], [[9090], []]);
  });

  it('waits while a Deployment has yet to see the template that was changed with it', () => {
    const both = [...web, { name: 'http', containerPort: 9090 }];
    const written = ['zone-a', 'zone-b', 'zone-c'].map((name) => deployment(name, { generation: 2 }));
    const snapshot = after(
      running('web', both),
      ...written,
      pods(() => true, { ports: 'web:8080/TCP' }),
      spec({ ports: to(9090) }),
    );
    assert.deepEqual(targets(snapshot), ['web']);
  });

  it('is not written when it is a name that no container has', () => {
    const snapshot = after(running('web', web), spec({ ports: to('http') }));
    assert.deepEqual(stepsOf(snapshot), []);
    assert.deepEqual(said(snapshot), [
      'InNoPod: ports.targetPort http is in no container of the template: give a container’s port this name, or correct targetPort; port 80 still leads to web',
    ]);
  });
});

describe('a port that is changed in the template alone', () => {
  it('holds the template back when it was what the Service leads to', () => {
    const snapshot = changed(running('web', web), 'web', http);
    assert.deepEqual(stepsOf(snapshot), []);
    assert.deepEqual(
      said(snapshot).map((words) => words.slice(0, words.indexOf(':'))),
      ['HoldsRollout', 'InNoPod'],
    );
    const numbers = changed(running(8080, [{ containerPort: 8080 }]), 8080, [{ containerPort: 9090 }]);
    assert.match(said(numbers)[0] ?? '', /declares 8080: declare it, or change targetPort to what the template has/);
  });

  it('says nothing when it was never declared, or is no longer declared at all', () => {
    assert.deepEqual(said(changed(running(8080), 8080)), []);
    assert.deepEqual(said(changed(running(8080, [{ containerPort: 8080 }]), 8080)), []);
  });
});

describe('a port that is added', () => {
  const more: StationSpec['ports'] = [
    ...to('web'),
    { name: 'metrics', port: 9090, protocol: 'TCP', targetPort: 'metrics' },
  ];
  const both = [...web, { name: 'metrics', containerPort: 9000 }];
  const adding = after(running('web', web), spec({ ports: more, template: template(both, 'example.org/grill:2') }));

  it('is put into the Service when as many pods as demanded have it', () => {
    assert.deepEqual(portsNow(adding), to('web'));
    assert.match(
      said(adding)[0] ?? '',
      /^AwaitsRollout: port 9090 is put into the Service when as many pods as demanded/,
    );
    assert.deepEqual(told(adding), ['rollOut zone-a 3', 'rollOut zone-b 3', 'service', 'rollOut zone-c 3']);
  });

  it('is put into it at once when all have it, or it is a number', () => {
    const have = after(
      adding,
      pods(() => true, { ports: 'web:8080/TCP metrics:9000/TCP' }),
    );
    assert.deepEqual(portsNow(have), more);
    const number = after(running('web', web), spec({ ports: [...to('web'), { port: 9090, protocol: 'TCP' }] }));
    assert.equal(portsNow(number).length, 2);
  });

  it('is the first: there is no Service before pods have it, and none is waited for', () => {
    const none = served({
      demand: 6,
      survive: { zones: 1 },
      zones,
      station: { ports: [], template: template(undefined) },
    });
    const first = after(none, spec({ ports: to('http'), template: template(http, 'example.org/grill:2') }));
    assert.deepEqual(told(first), ['rollOut zone-a 3', 'rollOut zone-b 3', 'service', 'rollOut zone-c 3']);
  });

  it('is the same port at another number of the Service, known by its name', () => {
    const moved = after(running('web', web), spec({ ports: [{ ...to('http')[0]!, port: 8000 }] }));
    assert.deepEqual(portsNow(moved), [{ name: 'http', port: 8000, protocol: 'TCP', targetPort: 'web' }]);
  });
});

function emptied(name: string): ReturnType<typeof zone> {
  return zone(name, (each) => ({ ...each, pods: [] }));
}
