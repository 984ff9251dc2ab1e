# BASE needs glibc and libstdc++ and nothing else: no shell, no package manager, no Node of its own.
ARG BUILD=node:24-bookworm-slim
ARG BASE=gcr.io/distroless/cc-debian12:nonroot

# On the builder's own platform: the bundle runs on every one, and no other has to be emulated.
FROM --platform=$BUILDPLATFORM ${BUILD} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# Without scripts the Node that npm would install stays away: the stage's own does the work.
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY tools/build.ts tools/bundled.ts tools/licences.ts tools/
COPY operator operator
RUN node tools/build.ts

FROM ${BUILD} AS node

FROM ${BASE}
LABEL org.opencontainers.image.title="kitchen-operator" \
      org.opencontainers.image.description="Declare what your services must survive, and the operator keeps the promise." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=build /src/dist/main.js /src/dist/main.js.map /src/dist/kubectl-kitchen.js /src/dist/descriptors.binpb /src/dist/package.json /src/dist/LICENSE.packages /app/
COPY LICENSE /app/
# The allocator of the C library: one arena, and large blocks go back to the system. By default it keeps 40 MiB that nothing uses.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=131072 \
    MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app
# By number, so that runAsNonRoot can be checked. Nothing is ever written to the file system.
USER 65532:65532
EXPOSE 8080
# Little lives long: a small young generation costs some garbage collection and saves 100 MiB; the heap stays within the memory limit.
# Without --enable-source-maps, which costs 50 MiB: a stack trace names the functions, and main.js.map has their lines.
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=8", "--max-old-space-size-percentage=70", "/app/main.js"]
