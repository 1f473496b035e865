//! The built-in kinds say what they should, and kind files that say what cannot be are told so.

use pmkit::config::Settings;
use pmkit::kind::built_in;

#[test]
fn the_built_in_kinds_load() {
    let settings = Settings { config: None, kinds: built_in() };

    let config = pmkit::config::load(
        &settings,
        &["missing-field", "missing-section", "empty-section", "template-left-over", "pattern"],
    )
    .unwrap_or_else(|error| panic!("{error:#?}"));

    assert_eq!(config.kinds.all().len(), 7);
}
