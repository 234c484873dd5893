//! Words and sequences that people type out of habit.

/// Words of placeholders, and words that join them to sentences.
pub(super) const WORDS: &str = "
    a about access account admin after again all also always amet an and any app application are at auth authentication
    backend bar baz be because before best big brown but by can change changed changeit changeme changing cloud code
    company config correct could customer data database day default deploy dev development do docker dolor done dont down
    dummy each easy encryption enough enter env environment every example fake first fix foo for fox from generate get go
    good great guess guessed had hard has have he hello her here his how i if in insecure insert internal into ipsum is it
    its jumps just jwt keep key keyboard keys known last later lazy least like live local long longer lorem love made make
    master me micro more most must my name need never new nice no nobody none not nothing now of old on one only open or
    other our out over own owner paste pass passphrase password phrase placeholder please private prod production project
    public put quick random read real refresh remember replace replaced required safe sample secret secrets secure
    security server service session set shared she should sign signing simple sit so some somebody someone something
    staging staple state still strong such super supersecret system take team temp temporary test testing text than that
    the their them then there these they thing this those time to today todo token tomorrow too top two type typed under
    unsafe until up update us use used user value very wants was we web well were what when where which who why will with
    word words work world would write yes you your
    der die das ein eine und ist nicht mein dein sehr geheim geheimes geheimer passwort schluessel wort fuer den mit von
    le la les un une est mon mot de passe cle secrete tres el los una mi clave secreta contrasena";

/// Alphabets and rows of keyboards in their usual order. They are read in both directions.
pub(super) const RUNS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "0123456789abcdef",
    // QWERTY: rows, columns, zigzags, and the digits with the shift key.
    "`1234567890-=",
    "qwertyuiop[]\\asdfghjkl;'zxcvbnm,./",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "zaq12wsxcde34rfvbgt56yhnmju78ik,.lo90p;/",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7,ki8.lo9/;p0",
    "qazwsxedcrfvtgbyhnujmikolp",
    "~!@#$%^&*()_+",
    "!qaz@wsx#edc$rfv%tgb^yhn&ujm*ik<(ol>)p:?",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
    "a1s2d3f4g5h6j7k8l9",
    "z1x2c3v4b5n6m7",
    // QWERTZ, AZERTY, Dvorak, Colemak, Russian, and the keypad.
    "qwertzuiopü+asdfghjklöä#yxcvbnm,.-",
    "qwertzuiopasdfghjklyxcvbnm",
    "&é\"'(-è_çà)=azertyuiop^$qsdfghjklmù*wxcvbn,;:!",
    "azertyuiopqsdfghjklmwxcvbn",
    "',.pyfgcrl/=aoeuidhtns-;qjkxbmwvz",
    "pyfgcrlaoeuidhtnsqjkxbmwvz",
    "qwfpgjluyarstdhneiozxcvbkm",
    "йцукенгшщзхъфывапролджэячсмитьбю",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "789456123",
    "147258369",
    // Words of hexadecimal digits.
    "deadbeef",
    "cafebabe",
    "badc0ffee",
    "feedface",
    "decafbad",
];
