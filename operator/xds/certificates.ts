// tsyringe, which @peculiar/x509 is made with, asks for it.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { KeyPair } from './server.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const YEAR_MS = 365 * 24 * 3_600_000;
/** Clocks of nodes may differ by this. */
const EARLIER_MS = 3_600_000;

/** A certificate authority of one certificate, and that certificate. Nobody keeps the authority's key. */
export interface Issued extends KeyPair {
  /** The authority's certificate, PEM: hubs believe what it has signed. */
  readonly authority: string;
  readonly notAfterMs: number;
}

/**
 * Makes an authority and one certificate of it for a DNS name, good for a year. The authority's key is thrown away at
 * once, so that nothing else is ever signed with it: the next certificate comes with its own authority, and hubs
 * believe both meanwhile.
 */
export async function issueFor(dnsName: string, nowMs: number): Promise<Issued> {
  const [authorityKeys, keys] = await Promise.all([newKeys(), newKeys()]);
  const notAfterMs = nowMs + YEAR_MS;
  const validity = { notBefore: new Date(nowMs - EARLIER_MS), notAfter: new Date(notAfterMs) };
  const authority = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${dnsName} authority`,
      keys: authorityKeys,
      signingAlgorithm: algorithm,
      ...validity,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ],
    },
    webcrypto,
  );
  const cert = await X509CertificateGenerator.create(
    {
      subject: `CN=${dnsName}`,
      issuer: authority.subject,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      signingAlgorithm: algorithm,
      ...validity,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([{ type: 'dns', value: dnsName }]),
      ],
    },
    webcrypto,
  );
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { key, cert: cert.toString('pem'), authority: authority.toString('pem'), notAfterMs };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}
