//! The contract: generated protobuf, conversions, refusals as google.rpc.Status.
