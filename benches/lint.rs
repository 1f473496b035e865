//! What one document and a thousand records cost: `cargo bench`.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;

use pmkit::config;
use pmkit::config::Settings;
use pmkit::date::Date;
use pmkit::document::Document;
use pmkit::document::read_outline;
use pmkit::kind::built_in;
use pmkit::lint::Request;
use pmkit::lint::Told;
use pmkit::lint::View;
use pmkit::lint::lint;
use pmkit::rules;
use pmkit::workspace::Inputs;

mod corpus;

fn read_all(root: &Path, folder: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(root.join(folder)).expect("the folder was just written").flatten() {
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        files.insert(path, fs::read(entry.path()).expect("the file was just written"));
    }
}

fn benches(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    corpus::write(folder.path(), 1_000, 1).expect("a thousand records");
    let mut files = BTreeMap::new();
    for below in ["docs/raid", "docs/memos", "docs/rfcs"] {
        read_all(folder.path(), below, &mut files);
    }
    let text = String::from_utf8(files.values().next().expect("a thousand files").clone()).expect("UTF-8");
    let body = Document::read(text.clone()).body;
    let settings = Settings { kinds: built_in(), ..Settings::default() };

    let mut group = criterion.benchmark_group("one document");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("front matter", |bench| bench.iter(|| Document::read(black_box(text.clone()))));
    group.bench_function("outline", |bench| bench.iter(|| read_outline(black_box(&text), body)));
    group.finish();

    criterion.bench_function("load the built-in kinds", |bench| {
        bench.iter(|| config::load(black_box(&settings), &rules::names()).expect("they load"));
    });

    let config = config::load(&settings, &rules::names()).expect("they load");
    let paths: Vec<String> = files.keys().cloned().collect();
    let read = |path: &str| Ok(files[path].clone());
    let today = Date::parse("2026-11-20").expect("a day");
    let mut group = criterion.benchmark_group("a thousand records in memory");
    group.throughput(Throughput::Bytes(files.values().map(|bytes| bytes.len() as u64).sum()));
    group.bench_function("lint", |bench| {
        bench.iter(|| {
            lint(Request {
                config: &config,
                view: View::of(Inputs { paths: &paths, read: &read, around: None }),
                today,
                selected: &|_| true,
                told: &Told::default(),
                baseline: true,
                activity: None,
            })
            .expect("it lints")
        });
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
