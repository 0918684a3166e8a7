//! The contract keeps its style: names as buf's STANDARD rules and AIP ask, and a comment on everything callers read.

use prost::Message;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto, FileDescriptorSet};
use std::collections::{HashMap, HashSet};
use zonebook_api::DESCRIPTORS;

/// Numbers of fields in `descriptor.proto`, of which the paths of comments are made.
const MESSAGES: i32 = 4;
const ENUMS: i32 = 5;
const SERVICES: i32 = 6;
const FIELDS: i32 = 2;
const METHODS: i32 = 2;
const VALUES: i32 = 2;

/// Our own files, without those of Google that they import.
fn files() -> Vec<FileDescriptorProto> {
    let set = FileDescriptorSet::decode(DESCRIPTORS).unwrap();
    let ours = set.file.into_iter().filter(|file| file.package() == "zonebook.v1");
    let files: Vec<_> = ours.collect();
    assert!(files.len() >= 7, "the contract has a file for each service and one that they share");
    files
}

/// The leading comments of a file, by path.
fn comments(file: &FileDescriptorProto) -> HashMap<&[i32], &str> {
    let locations = &file.source_code_info.as_ref().expect("descriptors hold the comments").location;
    locations.iter().map(|at| (at.path.as_slice(), at.leading_comments())).collect()
}

fn index(position: usize) -> i32 {
    i32::try_from(position).unwrap()
}

/// `FileBook` becomes `FILE_BOOK`.
fn upper_snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_uppercase());
    }
    snake
}

fn is_pascal(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

fn is_lower_snake(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.starts_with('_')
        && !name.ends_with('_')
        && !name.contains("__")
}

fn messages() -> Vec<DescriptorProto> {
    files().into_iter().flat_map(|file| file.message_type).collect()
}

fn message_named(name: &str) -> DescriptorProto {
    let name = name.rsplit('.').next().unwrap();
    messages().into_iter().find(|message| message.name() == name).unwrap_or_else(|| panic!("no {name}"))
}

fn has_field(message: &DescriptorProto, name: &str) -> bool {
    message.field.iter().any(|field| field.name() == name)
}

/// Whether a method changes something, by its name. Streams of receipts and statements only read.
fn mutates(method: &str) -> bool {
    const READS: [&str; 8] = [
        "Get",
        "List",
        "Compute",
        "Reconcile",
        "CompareStock",
        "StreamReceipts",
        "StreamStatement",
        "StreamVerification",
    ];
    READS.iter().all(|verb| !method.starts_with(verb))
}

#[test]
fn files_lie_where_their_package_says() {
    for file in files() {
        assert!(file.name().starts_with("zonebook/v1/"), "{}", file.name());
        assert_eq!(file.syntax(), "proto3", "{}", file.name());
        assert!(file.service.len() <= 1, "{} has more than one service", file.name());
        for service in &file.service {
            let expected = format!("zonebook/v1/{}.proto", upper_snake(service.name()).to_lowercase());
            assert_eq!(file.name(), expected);
        }
    }
}

#[test]
fn enums_begin_with_unspecified_and_carry_their_name() {
    let enums: Vec<EnumDescriptorProto> = files().into_iter().flat_map(|file| file.enum_type).collect();
    assert!(!enums.is_empty());
    for listed in enums {
        let prefix = upper_snake(listed.name());
        let first = listed.value.first().unwrap();
        assert_eq!((first.name(), first.number()), (format!("{prefix}_UNSPECIFIED").as_str(), 0));
        for value in &listed.value {
            assert!(value.name().starts_with(&format!("{prefix}_")), "{}", value.name());
        }
    }
}

#[test]
fn each_method_has_a_request_and_a_reply_of_its_own() {
    let mut used = HashSet::new();
    for file in files() {
        for service in &file.service {
            assert!(service.name().ends_with("Service") && is_pascal(service.name()), "{}", service.name());
            for method in &service.method {
                let name = method.name();
                assert_eq!(method.input_type(), format!(".zonebook.v1.{name}Request"));
                assert_eq!(method.output_type(), format!(".zonebook.v1.{name}Response"));
                assert!(used.insert(name.to_owned()), "{name} is a method of two services");
            }
        }
    }
}

#[test]
fn names_are_pascal_and_lower_snake() {
    for message in messages() {
        assert!(is_pascal(message.name()), "{}", message.name());
        for field in &message.field {
            assert!(is_lower_snake(field.name()), "{}.{}", message.name(), field.name());
        }
    }
}

#[test]
fn no_floating_point_anywhere() {
    use prost_types::field_descriptor_proto::Type::{Double, Float};
    for message in messages() {
        for field in &message.field {
            assert!(!matches!(field.r#type(), Double | Float), "{}.{}", message.name(), field.name());
        }
    }
}

#[test]
fn everything_that_callers_read_has_a_comment() {
    for file in files() {
        let comments = comments(&file);
        let said = |path: &[i32], what: &str| {
            let comment = comments.get(path).copied().unwrap_or_default();
            assert!(!comment.trim().is_empty(), "{what} in {} has no comment", file.name());
        };
        for (s, service) in file.service.iter().enumerate() {
            said(&[SERVICES, index(s)], service.name());
            for (m, method) in service.method.iter().enumerate() {
                said(&[SERVICES, index(s), METHODS, index(m)], method.name());
            }
        }
        for (m, message) in file.message_type.iter().enumerate() {
            said(&[MESSAGES, index(m)], message.name());
            for (f, field) in message.field.iter().enumerate() {
                said(&[MESSAGES, index(m), FIELDS, index(f)], field.name());
            }
        }
        for (e, listed) in file.enum_type.iter().enumerate() {
            said(&[ENUMS, index(e)], listed.name());
            for (v, value) in listed.value.iter().enumerate() {
                said(&[ENUMS, index(e), VALUES, index(v)], value.name());
            }
        }
    }
}

#[test]
fn every_reply_says_its_revision() {
    for message in messages().iter().filter(|message| message.name().ends_with("Response")) {
        assert!(has_field(message, "revision"), "{}", message.name());
    }
}

#[test]
fn changes_carry_a_request_id_and_can_be_rehearsed() {
    // A delivery is its own key; submissions of a batch or stream carry an id each.
    let keyed_within = [
        "ReceiveMessage",
        "BatchReceiveMessages",
        "BatchSubmitMovements",
        "StreamSubmitMovements",
        "BatchReportPassages",
    ];
    let mut seen = 0;
    for file in files().iter().filter(|file| !file.name().ends_with("cluster_service.proto")) {
        for method in file.service.iter().flat_map(|service| &service.method) {
            let request = message_named(method.input_type());
            let needs_id = mutates(method.name()) && !keyed_within.contains(&method.name());
            let reads_one = method.name() == "GetOutcome";
            assert_eq!(has_field(&request, "request_id"), needs_id || reads_one, "{}", method.name());
            let rehearses = mutates(method.name()) && !method.client_streaming();
            assert_eq!(has_field(&request, "validate_only"), rehearses, "{}", method.name());
            assert_eq!(has_field(&request, "consistency"), !mutates(method.name()), "{}", method.name());
            seen += 1;
        }
    }
    assert!(seen >= 20, "only {seen} methods were looked at");
    assert!(has_field(&message_named("Submission"), "request_id"));
    assert!(has_field(&message_named("ReportPassageRequest"), "request_id"));
}

#[test]
fn lists_are_paged() {
    let lists = messages().into_iter().filter(|message| message.name().starts_with("List"));
    let mut seen = 0;
    for message in lists {
        if message.name().ends_with("Request") {
            assert!(
                has_field(&message, "page_size") && has_field(&message, "page_token"),
                "{}",
                message.name()
            );
            seen += 1;
        } else if message.name().ends_with("Response") {
            assert!(has_field(&message, "next_page_token"), "{}", message.name());
        }
    }
    assert!(seen >= 5, "only {seen} lists were looked at");
}
