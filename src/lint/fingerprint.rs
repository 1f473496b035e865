//! A name for each finding that stays the same while lines move, records are edited elsewhere, and figures change: by it other programs
//! tell a new finding from one they know.

use std::collections::HashMap;

use super::against::key;
use crate::diagnostic::Diagnostic;

/// Returns a name of 32 hexadecimal digits for each of `found`, no two the same.
#[must_use]
pub fn fingerprints(found: &[Diagnostic]) -> Vec<String> {
    let mut seen: HashMap<(&str, &str, String), usize> = HashMap::new();
    let mut names = Vec::with_capacity(found.len());
    for one in found {
        // A record keeps its name when its file gets another.
        let about = one.record.as_deref().unwrap_or(&one.path);
        let said = key(one.rule, &one.message);
        let nth = seen.entry((one.rule, about, said.clone())).or_default();
        // A zero byte stands in none of them.
        names.push(format!("{:032x}", hash(&format!("{}\0{about}\0{said}\0{nth}", one.rule))));
        *nth += 1;
    }
    names
}

/// Returns the FNV-1a hash of `text`, of 128 bits (draft-eastlake-fnv): the same in every version of every program.
fn hash(text: &str) -> u128 {
    const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    text.bytes().fold(START, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_one_of_the_draft() {
        // The test vectors of draft-eastlake-fnv, appendix C.
        assert_eq!(hash(""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(hash("a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
        assert_eq!(hash("foobar"), 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18);
    }
}
