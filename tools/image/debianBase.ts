import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run, RunError } from './run.ts';

/** What a program linked against glibc and libstdc++ needs, and the certificates to trust. */
const PACKAGES = ['libc6', 'libgcc-s1', 'libstdc++6', 'ca-certificates'];

const passwd = 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n';
const group = 'root:x:0:\nnonroot:x:65532:\n';

/**
 * Makes a base image from Debian packages: libraries, certificates, two users, no program at all. It is for
 * machines with apt but without a registry, and needs no root. If an image of that name exists, it is not made again.
 */
export async function makeDebianBase(tag: string, room: string): Promise<void> {
  const debs = join(room, 'debs');
  const root = join(room, 'root');
  await Promise.all([debs, root].map((dir) => mkdir(dir, { recursive: true })));
  await download(debs);
  for (const deb of await readdir(debs)) await run(['dpkg-deb', '--extract', join(debs, deb), root]);
  await leaveWhatRuns(root);
  const tar = join(room, 'base.tar');
  await run(['tar', '--create', '--file', tar, '--directory', root, '--owner=0', '--group=0', '--numeric-owner', '.']);
  await run(['docker', 'import', tar, tag]);
}

/**
 * Downloads the packages. If that fails, it updates apt's lists first: they may be missing, or name packages that are
 * gone.
 */
async function download(into: string): Promise<void> {
  const command = ['apt-get', 'download', '--quiet', ...PACKAGES];
  try {
    await run(command, { cwd: into });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    await run(['apt-get', 'update', '--quiet']);
    await run(command, { cwd: into });
  }
}

/** Removes files that nothing reads at run time, and adds the few files that every base image has. */
async function leaveWhatRuns(root: string): Promise<void> {
  const bundle = globSync('usr/share/ca-certificates/mozilla/*.crt', { cwd: root }).toSorted();
  const certificates = await Promise.all(bundle.map((file) => readFile(join(root, file), 'utf8')));
  const licences = globSync('usr/share/doc/*/copyright', { cwd: root });
  const kept = join(root, '.licences');
  for (const file of licences) await cp(join(root, file), join(kept, file), { dereference: true });
  const unused = [...globSync('usr/lib/*/gconv', { cwd: root }), 'usr/share', 'usr/sbin', 'etc'];
  for (const path of unused) await rm(join(root, path), { recursive: true, force: true });
  if (licences.length > 0) await cp(join(kept, 'usr'), join(root, 'usr'), { recursive: true });
  await rm(kept, { recursive: true, force: true });
  for (const dir of ['etc/ssl/certs', 'home/nonroot', 'tmp', 'proc', 'sys', 'dev'])
    await mkdir(join(root, dir), { recursive: true });
  const files = {
    'etc/ssl/certs/ca-certificates.crt': certificates.join(''),
    'etc/passwd': passwd,
    'etc/group': group,
    'etc/nsswitch.conf': 'hosts: files dns\n',
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
}
