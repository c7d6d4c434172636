# The image carries the runtime that package.json pins; the base is only there to install it.
FROM node:26-slim AS build
WORKDIR /opt/nightpost
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node scripts/build-console.mjs && npm prune --omit=dev --no-audit --no-fund

FROM debian:stable-slim
# What the runtime is linked with, and the slim image does not have.
RUN apt-get update && apt-get install --yes --no-install-recommends libatomic1 libstdc++6 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --home /var/lib/nightpost --create-home nightpost
COPY --from=build --chown=root:root /opt/nightpost /opt/nightpost
RUN ln -s /opt/nightpost/bin/nightpost /usr/local/bin/nightpost
RUN install -d -o nightpost /opt/nightpost/node_modules/.cache/compile
USER nightpost
ENV NIGHTPOST_DATA=/var/lib/nightpost NODE_ENV=production NODE_COMPILE_CACHE=/opt/nightpost/node_modules/.cache/compile
ENV MALLOC_MMAP_THRESHOLD_=1048576 MALLOC_TRIM_THRESHOLD_=1048576
# The cache is the user's own: filled by the one who runs the server.
RUN /opt/nightpost/node_modules/node/bin/node /opt/nightpost/scripts/compile-cache.mjs
VOLUME /var/lib/nightpost
EXPOSE 5222 5223 5269 5270 5280
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["nightpost", "status"]
CMD ["/opt/nightpost/node_modules/node/bin/node", "--max-semi-space-size=4", "/opt/nightpost/server/main.ts"]
