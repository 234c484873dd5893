//! The Dockerfile, docker-compose.yml and deploy/kubernetes, checked against the binary without a container
//! engine.
//!
//! **Here**: parsers of the two files (`compose_file`, `dockerfile`), how the services are configured
//! (`structure`), where the variables come from (`variables`), the content of the image (`image`), every
//! command, health check and variable of ours, run as in a container (`running`), and the same for the pods
//! of Kubernetes (`kubernetes`). Checks that need other tools are in `tests/containers/check`.
//!
//! **To add one**: `structure` checks a service as soon as it is in the file. A variable must be in
//! `.env.example` too.

mod compose_file;
mod dockerfile;
mod image;
mod kubernetes;
mod running;
mod structure;
mod variables;
