import { childScenes } from './scenes/children.ts';
import { sideBySide } from './scenes/scene.ts';

sideBySide('when children change together or go', { children: childScenes });
