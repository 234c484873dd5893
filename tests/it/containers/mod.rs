//! The Dockerfile and docker-compose.yml, held against the binary without an engine.
//!
//! **Here**: what stands in the two (`compose_file`, `dockerfile`), how the services are built (`structure`), where the
//! variables come from (`variables`), what the image holds (`image`), and every command, health check and variable of
//! ours run as a container would (`running`). What needs other tools is in `tests/containers/check`.
//!
//! **To add one**: a service is held to `structure` as soon as it stands in the file. A variable belongs in
//! `.env.example` too.

mod compose_file;
mod dockerfile;
mod image;
mod running;
mod structure;
mod variables;
