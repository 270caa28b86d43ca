# syntax=docker/dockerfile:1
# Two stages: the compiler stays behind. `docker build -t crea .`, then
#   docker run -p 8080:8080 -v crea:/data -e PUBLIC_URL=http://localhost:8080 crea
# One embedded SQLite file in /data is the default; DATABASE_URL, REDIS_URL and SECRET_KEY make it one of many instances.

FROM rust:1.95-bookworm AS build
WORKDIR /build
# Manifests first, with empty sources: the dependencies are a layer of their own, built again only when these files change.
COPY Cargo.toml Cargo.lock ./
COPY views/Cargo.toml views/
COPY load-tests/Cargo.toml load-tests/
RUN mkdir -p src views/src load-tests/src \
    && touch src/lib.rs views/src/lib.rs \
    && echo 'fn main() {}' | tee src/main.rs load-tests/src/main.rs >/dev/null \
    && cargo build --release --locked --package crea
COPY . .
# Cargo compares times, and the empty sources are younger than what was copied over them.
RUN find src views load-tests migrations assets -type f -exec touch {} + \
    && cargo build --release --locked --package crea --bin crea

FROM debian:bookworm-slim
# Root certificates for the outbound connections that settings may name, and curl for the health check.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin crea \
    && install -d -o crea -g crea -m 700 /data
COPY --from=build /build/target/release/crea /usr/local/bin/crea
USER crea
WORKDIR /data
VOLUME /data
# Secrets come from the environment of the run, never from the image. In /data: the database, its lock file and its key.
ENV BIND=0.0.0.0:8080 \
    DATABASE_URL=sqlite:///data/crea.db
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["crea"]
CMD ["serve"]
