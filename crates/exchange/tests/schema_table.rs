//! The table of the schemas' facts is the published schemas: each element, its place, how often, nil, type, facets,
//! attributes, the namespace and what a document may begin with.

mod common;

use common::shared;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::path::Path;
use zonebook_exchange::schema::{
    Attribute, Content, DATE_PATTERN, DATE_TIME_PATTERN, Element, Schema, Simple, TypeName, UNBOUNDED,
};

/// A node of a schema file.
#[derive(Clone, Debug, Default)]
struct Node {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Node>,
}

impl Node {
    fn new(tag: &BytesStart<'_>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let attributes = tag.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            (text(attribute.key.as_ref()), text(&attribute.value))
        });
        Self { name: text(tag.local_name().as_ref()), attributes: attributes.collect(), children: Vec::new() }
    }

    fn read(file: &Path) -> Self {
        let text =
            std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut reader = Reader::from_str(&text);
        let mut open = vec![Self::default()];
        loop {
            let close = |open: &mut Vec<Self>| {
                let closed = open.pop().unwrap();
                open.last_mut().unwrap().children.push(closed);
            };
            match reader.read_event().unwrap() {
                Event::Start(tag) => open.push(Self::new(&tag)),
                Event::Empty(tag) => {
                    open.push(Self::new(&tag));
                    close(&mut open);
                }
                Event::End(_) => close(&mut open),
                Event::Eof => return open.remove(0).children.remove(0),
                _ => {}
            }
        }
    }

    fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).map(String::as_str)
    }

    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// A schema file with all that it includes.
struct Published {
    top: Vec<Node>,
    namespace: Option<String>,
}

impl Published {
    fn read(file: &Path) -> Self {
        let schema = Node::read(file);
        assert_eq!(schema.get("elementFormDefault"), Some("qualified"));
        assert_eq!(schema.get("attributeFormDefault"), Some("unqualified"));
        let namespace = schema.get("targetNamespace").map(str::to_owned);
        let mut top = Vec::new();
        for child in schema.children {
            match child.get("schemaLocation") {
                // What is included takes on the namespace of the file that includes it.
                Some(other) => top.extend(Node::read(&file.with_file_name(other)).children),
                None => top.push(child),
            }
        }
        Self { top, namespace }
    }

    fn named(&self, kind: &str, name: &str) -> &Node {
        let found = self.top.iter().find(|node| node.name == kind && node.get("name") == Some(name));
        found.unwrap_or_else(|| panic!("the schema has no {kind} {name}"))
    }

    /// The facts of an element and of all inside of it, one line each.
    fn facts(&self, node: &Node, path: &str, facts: &mut Vec<String>) {
        let element = node.get("ref").map_or(node, |name| self.named("element", name));
        let path = format!("{path}/{}", element.get("name").unwrap());
        let occurs =
            format!("{}..{}", node.get("minOccurs").unwrap_or("1"), node.get("maxOccurs").unwrap_or("1"));
        let nil = if element.get("nillable") == Some("true") { " nil" } else { "" };
        let own = element.child("complexType").or_else(|| {
            let name = element.get("type")?;
            self.top.iter().find(|node| node.name == "complexType" && node.get("name") == Some(name))
        });
        let Some(complex) = own else {
            facts.push(format!("{path} {occurs}{nil} {}{}", self.simple(element), type_name(element)));
            return;
        };
        let mut attributes: Vec<String> = Vec::new();
        for attribute in complex.children.iter().filter(|child| child.name == "attribute") {
            let required = if attribute.get("use") == Some("required") { "!" } else { "" };
            attributes.push(format!(
                " @{}{required}={}",
                attribute.get("name").unwrap(),
                self.simple(attribute)
            ));
        }
        let group = complex
            .children
            .iter()
            .find(|child| matches!(child.name.as_str(), "sequence" | "all" | "choice"));
        let known = ["annotation", "attribute", "sequence", "all"];
        assert!(
            complex.children.iter().all(|child| known.contains(&child.name.as_str())),
            "{path}: {complex:?}"
        );
        let kind = group.map_or("empty", |group| group.name.as_str());
        facts.push(format!("{path} {occurs}{nil} {kind}{}{}", type_name(element), attributes.concat()));
        for child in group.iter().flat_map(|group| &group.children) {
            assert_eq!(child.name, "element", "{path}");
            self.facts(child, &path, facts);
        }
    }

    fn simple(&self, node: &Node) -> String {
        if let Some(restriction) = node.child("simpleType").and_then(|simple| simple.child("restriction")) {
            return restricted(restriction);
        }
        match node.get("type") {
            None => "anything".to_owned(),
            Some("xs:string") => format!("text {}..{}", 0, UNBOUNDED),
            Some("xs:long") => format!("long {UNBOUNDED}"),
            Some("xs:int") => "int".to_owned(),
            Some("xs:double") => "double".to_owned(),
            Some("xs:date") => "date".to_owned(),
            Some("xs:dateTime") => "dateTime".to_owned(),
            Some(named) => restricted(self.named("simpleType", named).child("restriction").unwrap()),
        }
    }
}

fn type_name(element: &Node) -> String {
    match (element.get("type"), element.child("simpleType").or(element.child("complexType"))) {
        (Some(name), _) => format!(" : {name}"),
        (None, None) => " : xs:anyType".to_owned(),
        (None, Some(_)) => String::new(),
    }
}

fn restricted(restriction: &Node) -> String {
    let facets: Vec<(&str, &str)> =
        restriction.children.iter().map(|facet| (facet.name.as_str(), facet.get("value").unwrap())).collect();
    let facet = |name: &str| facets.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let only = |names: &[&str]| assert!(facets.iter().all(|(name, _)| names.contains(name)), "{facets:?}");
    let unbounded = UNBOUNDED.to_string();
    match restriction.get("base").unwrap() {
        "xs:string" if facet("pattern").is_some() => {
            only(&["pattern", "maxLength"]);
            format!("pattern {} {}", facet("pattern").unwrap(), facet("maxLength").unwrap())
        }
        "xs:string" => {
            only(&["length", "minLength", "maxLength"]);
            let length = facet("length");
            let min = length.or(facet("minLength")).unwrap_or("0");
            format!("text {min}..{}", length.or(facet("maxLength")).unwrap_or(&unbounded))
        }
        "xs:decimal" => {
            only(&["totalDigits", "fractionDigits"]);
            format!("decimal {} {}", facet("totalDigits").unwrap(), facet("fractionDigits").unwrap())
        }
        "xs:long" => {
            only(&["totalDigits"]);
            format!("long {}", facet("totalDigits").unwrap())
        }
        "xs:anyURI" => {
            only(&["enumeration"]);
            format!("one of {}", facets.iter().map(|(_, value)| *value).collect::<Vec<_>>().join(" "))
        }
        other => panic!("the table has no type for {other}"),
    }
}

/// The same lines from the table.
fn table_facts(element: &Element, business: &Element, path: &str, facts: &mut Vec<String>) {
    let path = format!("{path}/{}", element.name);
    let max = if element.max == UNBOUNDED { "unbounded".to_owned() } else { element.max.to_string() };
    let nil = if element.nillable { " nil" } else { "" };
    let named = match element.type_name {
        None => String::new(),
        Some(TypeName::BuiltIn(name)) => format!(" : xs:{name}"),
        Some(TypeName::Own(name)) => format!(" : {name}"),
    };
    let (kind, children): (String, &[Element]) = match &element.content {
        Content::Empty => ("empty".to_owned(), &[]),
        Content::Value(simple) => (simple_fact(*simple), &[]),
        Content::Sequence(children) => ("sequence".to_owned(), children),
        Content::All(children) => ("all".to_owned(), children),
        Content::Business => ("sequence".to_owned(), std::slice::from_ref(business)),
        Content::Any => ("anything".to_owned(), &[]),
    };
    let attributes: String = element.attributes.iter().map(attribute_fact).collect();
    facts.push(format!("{path} {}..{max}{nil} {kind}{named}{attributes}", element.min));
    for child in children {
        table_facts(child, business, &path, facts);
    }
}

fn attribute_fact(attribute: &Attribute) -> String {
    let required = if attribute.required { "!" } else { "" };
    format!(" @{}{required}={}", attribute.name, simple_fact(attribute.simple))
}

fn simple_fact(simple: Simple) -> String {
    match simple {
        Simple::Text { min, max } => format!("text {min}..{max}"),
        Simple::OneOf(values) => format!("one of {}", values.join(" ")),
        // The pattern fixes the length: 10 or 19 characters, or none.
        Simple::Date => format!("pattern {DATE_PATTERN} 10"),
        Simple::DateTime => format!("pattern {DATE_TIME_PATTERN} 19"),
        Simple::Decimal { total, fraction } => format!("decimal {total} {fraction}"),
        Simple::Long { total } => format!("long {total}"),
        Simple::Int => "int".to_owned(),
        Simple::Double => "double".to_owned(),
        Simple::CalendarDate => "date".to_owned(),
        Simple::CalendarDateTime => "dateTime".to_owned(),
    }
}

#[test]
fn the_table_is_what_the_published_schemas_say() {
    let Some(folder) = shared("xsd") else { return };
    assert_eq!(Schema::all().len(), 8);
    for schema in Schema::all() {
        compare(&folder, schema, &schema.roots.iter().collect::<Vec<_>>(), 100);
    }
}

/// The receipts of the SAS family are elements without an envelope.
#[test]
fn the_table_of_what_is_written_is_what_the_published_schemas_say() {
    let Some(folder) = shared("xsd") else { return };
    assert_eq!(Schema::all_written().len(), 10);
    for schema in Schema::all_written() {
        let roots: Vec<&Element> =
            if schema.roots.is_empty() { vec![&schema.business] } else { schema.roots.iter().collect() };
        compare(&folder, schema, &roots, 40);
    }
}

fn compare(folder: &Path, schema: &Schema, roots: &[&Element], facts_min: usize) {
    let family = if schema.message.starts_with("SAS") { "SAS" } else { "EMS" };
    let published = Published::read(&folder.join(family).join(format!("{}.xsd", schema.message)));
    assert_eq!(schema.namespace, published.namespace.as_deref(), "{}", schema.message);
    let mut theirs: Vec<&Node> = published.top.iter().filter(|node| node.name == "element").collect();
    theirs.sort_by_key(|node| node.get("name"));
    let mut ours = roots.to_vec();
    ours.sort_by_key(|element| element.name);
    let (mut their_facts, mut our_facts) = (Vec::new(), Vec::new());
    for node in theirs {
        published.facts(node, "", &mut their_facts);
    }
    for element in ours {
        table_facts(element, &schema.business, "", &mut our_facts);
    }
    for (ours, theirs) in our_facts.iter().zip(&their_facts) {
        assert_eq!(ours, theirs, "{}", schema.message);
    }
    assert_eq!(our_facts.len(), their_facts.len(), "{}", schema.message);
    assert!(our_facts.len() > facts_min, "{}: {} facts", schema.message, our_facts.len());
}
