import { drainScenes } from './scenes/drains.ts';
import { layoutScenes } from './scenes/layouts.ts';
import { sideBySide } from './scenes/scene.ts';

sideBySide('when nodes are emptied', { drains: drainScenes, layouts: layoutScenes });
