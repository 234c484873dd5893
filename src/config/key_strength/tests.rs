use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::*;

/// The number of keys per generator. None may be refused: the probability that any of them is, is below one
/// in a million.
const DRAWN: usize = 250;

/// A deterministic generator, so that the test always has the same result (`SplitMix64`).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next().to_be_bytes()[0])
    }

    fn of(&mut self, alphabet: &[u8], length: usize) -> String {
        let size = u64::try_from(alphabet.len()).unwrap();
        (0..length).map(|_| char::from(alphabet[usize::try_from(self.next() % size).unwrap()])).collect()
    }

    fn uuid(&mut self) -> uuid::Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }
}

fn hex_of(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

const LETTERS_AND_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

#[test]
fn keys_of_every_usual_generator_are_random() {
    type Draw = fn(&mut Numbers) -> String;
    let generators: [(&str, Draw); 11] = [
        ("openssl rand -base64 48", |numbers| STANDARD.encode(numbers.bytes::<48>())),
        ("openssl rand -base64 32", |numbers| STANDARD.encode(numbers.bytes::<32>())),
        ("openssl rand -hex 32", |numbers| hex_of(&numbers.bytes::<32>())),
        ("openssl rand -hex 16", |numbers| hex_of(&numbers.bytes::<16>())),
        ("openssl rand -hex 32, upper case", |numbers| hex_of(&numbers.bytes::<32>()).to_uppercase()),
        ("pwgen -s 64", |numbers| numbers.of(LETTERS_AND_DIGITS, 64)),
        ("pwgen -s 32", |numbers| numbers.of(LETTERS_AND_DIGITS, 32)),
        ("secrets.token_urlsafe(32)", |numbers| URL_SAFE_NO_PAD.encode(numbers.bytes::<32>())),
        ("uuidgen, twice", |numbers| format!("{}{}", numbers.uuid(), numbers.uuid())),
        ("uuidgen, twice, without dashes", |numbers| {
            format!("{}{}", numbers.uuid().simple(), numbers.uuid().simple())
        }),
        ("a name before it", |numbers| format!("svc-prod:{}", STANDARD.encode(numbers.bytes::<32>()))),
    ];
    let (habits, mut numbers) = (Habits::learn(), Numbers(20_261_129));
    for (generator, draw) in generators {
        for _ in 0..DRAWN {
            let key = draw(&mut numbers);
            assert!(is_random_to(&habits, &key, DEPTH), "{generator}: {key}");
        }
    }
}

/// One example per kind of typed key.
const TYPED: &[&str] = &[
    "12345678901234567890123456789012",
    "0123456789012345678901234567890123456789",
    "98765432109876543210987654321098",
    "1111222233334444555566667777888899990000",
    "1234567812345678123456781234567812345678",
    "abcdefghijklmnopqrstuvwxyz123456",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "zyxwvutsrqponmlkjihgfedcba987654",
    "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6",
    "aabbccddeeffgghhiijjkkllmmnnoopp",
    "acegikmoqsuwy-bdfhjlnprtvxz-13579",
    "qwertyuiopasdfghjklzxcvbnm123456",
    "qwertzuiopasdfghjklyxcvbnm0987654321",
    "azertyuiopqsdfghjklmwxcvbn123456",
    "',.pyfgcrlaoeuidhtns;qjkxbmwvz12345",
    "qwfpgjluyarstdhneiozxcvbkm0123456789",
    "йцукенгшщзхъфывапролджэ",
    "poiuytrewqlkjhgfdsamnbvcxz654321",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "!@#$%^&*()_+!@#$%^&*()_+!@#$%^&*",
    "QwErTyUiOpAsDfGhJkLzXcVbNm123456",
    "asdfjklasdfjklasdfjklasdfjklasdfjkl",
    "asdkjhasdkljhaslkdjhalksjdhaklsjdhalkjsdh",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "aaaaaaaabbbbbbbbccccccccdddddddd",
    "abcabcabcabcabcabcabcabcabcabcabc",
    "k7Qz-k7Qz-k7Qz-k7Qz-k7Qz-k7Qz-k7Qz-k7Qz",
    "x9Kp2LmQx9Kp2LmQx9Kp2LmQx9Kp2LmR",
    "x9Kp2LmQx9Kp2LmAx9Kp2LmBx9Kp2LmCx9Kp2LmD",
    "pX9ZtS3vQm7LwR2cpX9ZtS3vQm7LwR2dpX9ZtS3vQm7LwR2epX9ZtS3vQm7LwR2f",
    "secretsecretsecretsecretsecretsecret",
    "my-very-own-secret-key-for-development",
    "MyVeryOwnSecretKeyForProduction2024",
    "thisisaverysecretkeyforourservice",
    "thequickbrownfoxjumpsoverthelazydog",
    "correct-horse-battery-staple-changeme",
    "correct horse battery staple again and again",
    "acme_corp_auth_service_production_key_2026",
    "drowssap-terces-ym-si-siht-olleh-dlrow",
    "geheimesschluesselwortfuerdenserver",
    "To be, or not to be, that is the question",
    "lorem ipsum dolor sit amet, consectetur adipiscing elit",
    "CHANGEME-0123456789-abcdefghijklmnop",
    "change-me-this-is-not-a-secret-key-but-an-example",
    "0123456789 an example of a key for you",
    "Ch4ng3M3-th1s-1s-n0t-4-s3cr3t-k3y!",
    "P@ssw0rdP@ssw0rdP@ssw0rdP@ssw0rd",
    "sup3rs3cr3tk3yf0rpr0duct10n2024!!",
    "Sommer2023!Winter2024!Fruehling2025!",
    "2024-01-01-2024-02-02-2024-03-03-2024",
    "1987051219901123200101301975081419620314",
    "deadbeefcafebabefeedfacebadc0ffee0",
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "00000000-0000-0000-0000-000000000000",
];

#[test]
fn a_typed_key_is_not_random_in_whatever_code_it_is_written() {
    let habits = Habits::learn();
    for typed in TYPED {
        let codes = [
            (*typed).to_owned(),
            STANDARD.encode(typed),
            STANDARD_NO_PAD.encode(typed),
            URL_SAFE_NO_PAD.encode(typed),
            hex_of(typed.as_bytes()),
            hex_of(typed.as_bytes()).to_uppercase(),
            STANDARD.encode(STANDARD.encode(typed)),
            STANDARD.encode(hex_of(typed.as_bytes())),
        ];
        for code in codes {
            assert!(!is_random_to(&habits, &code, DEPTH), "{typed}: {code}");
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_looked_at_too() {
    let habits = Habits::learn();
    let counting: Vec<u8> = (128..=255).collect();
    for bytes in [&[0xff; 32][..], &[0, 255].repeat(20), &[7, 200, 13, 144, 90].repeat(8), &counting] {
        for code in [STANDARD.encode(bytes), URL_SAFE_NO_PAD.encode(bytes), hex_of(bytes)] {
            assert!(!is_random_to(&habits, &code, DEPTH), "{code}");
        }
    }
}

#[test]
fn a_random_text_that_is_too_short_is_not_enough() {
    let mut numbers = Numbers(1);
    let digits = numbers.of(b"0123456789", 32);
    assert!(!is_random(&digits), "106 bits");
    assert!(is_random(&numbers.of(b"0123456789", 40)), "133 bits");
}
