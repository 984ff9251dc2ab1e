import { fullZoneScenes } from './scenes/fullZones.ts';
import { lostZoneScenes } from './scenes/lostZones.ts';
import { nodeScenes } from './scenes/nodes.ts';
import { sideBySide } from './scenes/scene.ts';

sideBySide('when much breaks at once', {
  nodes: nodeScenes,
  'lost zones': lostZoneScenes,
  'full zones': fullZoneScenes,
});
