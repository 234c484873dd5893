# The library of Perl. See matrix.py for what goes in and out.
use strict;
use warnings;
use Crypt::JWT qw(decode_jwt);
use HTTP::Tiny;
use JSON::PP;

my $given = decode_json(join '', <STDIN>);
my $keys = decode_json(HTTP::Tiny->new->get($given->{jwks_uri})->{content});
my %result = (version => $Crypt::JWT::VERSION, by_hand => ['typ'], accepted => [], errors => {});
for my $name (keys %{ $given->{tokens} }) {
    eval {
        my ($header, $claims) = decode_jwt(
            token => $given->{tokens}{$name}, kid_keys => $keys, decode_header => 1,
            accepted_alg => $given->{algorithm}, leeway => 30, verify_exp => 1, verify_iat => 1,
            verify_iss => sub { defined $_[0] && $_[0] eq $given->{issuer} },
            verify_aud => sub { defined $_[0] && $_[0] eq $given->{audience} },
            verify_sub => sub { defined $_[0] },
        );
        die "refused\n" unless ($header->{typ} // '') eq 'at+jwt';
        push @{ $result{accepted} }, $name;
        1;
    } or $result{errors}{$name} = "$@";
}
print encode_json({ language => 'Perl', libraries => { 'Crypt::JWT' => \%result } });
