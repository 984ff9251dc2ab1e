import type { Admission } from './admission.ts';
import type { Agenda } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { Server } from './server.ts';
import type { View } from './view.ts';

/** What every simulated component is given. */
export interface Cluster {
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly server: Server;
  readonly admission: Admission;
  /** The watch cache that all controllers of the controller manager share. */
  readonly managerView: View;
}
