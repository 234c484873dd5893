# syntax=docker/dockerfile:1
# The image of svc: the binary and the libraries that it links, no shell. docs/deployment.md lists its
# requirements.

# The same release as rust-toolchain.toml, on the Debian with the C library of the last stage.
FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /build

# The dependencies, in a layer that lasts until Cargo.toml or Cargo.lock changes: an empty crate needs the
# same ones.
COPY Cargo.toml Cargo.lock ./
COPY .cargo/ .cargo/
RUN mkdir src \
    && touch src/lib.rs \
    && echo 'fn main() {}' > src/main.rs \
    && cargo build --release --locked \
    && rm -r src

# The sources of the crate. config/ and migrations/ are embedded in the binary.
COPY build.rs ./
COPY config/ config/
COPY migrations/ migrations/
COPY src/ src/
# Cargo compares times, and these files may be older than the empty ones were.
RUN touch build.rs src/lib.rs src/main.rs \
    && cargo build --release --locked \
    && mkdir -p /image/usr/local/bin /image/var/lib/svc/data \
    && cp target/release/svc /image/usr/local/bin/ \
    && chown -R 65532:65532 /image/var/lib/svc \
    && chmod 700 /image/var/lib/svc/data

FROM gcr.io/distroless/cc-debian12:nonroot

ARG VERSION=0.1.0
ARG REVISION=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="svc" \
      org.opencontainers.image.description="User and authentication service: HTTP API, background worker and operator commands in one binary" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"

COPY --from=build /image/ /

# As numbers, so that Kubernetes can see that it is not root.
USER 65532:65532
# The folder of svc.toml, and of data/ with the embedded database. Mount a volume for it at /var/lib/svc/data.
WORKDIR /var/lib/svc
# Listens on all addresses of the container. A platform that sets PORT, or SVC_SERVER__LISTEN, overrides this.
ENV PORT=8000
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 CMD ["/usr/local/bin/svc", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/svc"]
CMD ["serve"]
