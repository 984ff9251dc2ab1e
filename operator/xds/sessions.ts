import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Preference } from './preference.ts';

const PING_EVERY_MS = 1_000;
/** A hub that answers no PING for this long is gone, or its node is. */
const PING_WITHIN_MS = 3_000;

/**
 * Keeps the open connections of a server. Ends those whose other end has gone without a word, and those whose hubs another
 * replica is to serve.
 */
export function trackSessions(server: Http2SecureServer, preference: Preference): ReadonlySet<ServerHttp2Session> {
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    const admission = preference.admit(session.socket.remoteAddress ?? '', performance.now());
    if (admission === undefined) {
      session.destroy();
      return;
    }
    sessions.add(session);
    const timer = setInterval(() => {
      if (preference.isToMove(admission, performance.now())) session.destroy();
      else ping(session);
    }, PING_EVERY_MS);
    session.once('close', () => {
      clearInterval(timer);
      sessions.delete(session);
    });
  });
  return sessions;
}

function ping(session: ServerHttp2Session): void {
  if (session.destroyed || session.closed) return;
  const silent = setTimeout(() => session.destroy(), PING_WITHIN_MS);
  session.ping(() => clearTimeout(silent));
}
