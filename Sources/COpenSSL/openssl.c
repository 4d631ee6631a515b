#include "COpenSSL.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <pthread.h>

// A library context of its own does not load openssl.cnf. Algorithms are looked up once, which takes longer than hashing
// a short text.
static OSSL_LIB_CTX *context;
static EVP_MD *sha256;
static EVP_MAC *hmac;

static void prepare(void) {
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    context = OSSL_LIB_CTX_new();
    if (context == NULL || OSSL_PROVIDER_load(context, "default") == NULL) return;
    sha256 = EVP_MD_fetch(context, "SHA256", NULL);
    hmac = EVP_MAC_fetch(context, "HMAC", NULL);
}

static bool is_prepared(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, prepare);
    return sha256 != NULL && hmac != NULL;
}

bool openssl_sha256(
    const uint8_t *first, size_t first_length, const uint8_t *second, size_t second_length, uint8_t *digest) {
    if (!is_prepared()) return false;
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    bool is_done = hash != NULL && EVP_DigestInit_ex2(hash, sha256, NULL) == 1
        && EVP_DigestUpdate(hash, first, first_length) == 1 && EVP_DigestUpdate(hash, second, second_length) == 1
        && EVP_DigestFinal_ex(hash, digest, NULL) == 1;
    EVP_MD_CTX_free(hash);
    return is_done;
}

bool openssl_hmac_sha256(
    const uint8_t *key, size_t key_length, const uint8_t *text, size_t length, uint8_t *code) {
    if (!is_prepared()) return false;
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0), OSSL_PARAM_construct_end()};
    size_t written = 0;
    EVP_MAC_CTX *mac = EVP_MAC_CTX_new(hmac);
    // A null key would mean the key of an earlier text.
    const uint8_t *given = key == NULL ? (const uint8_t *)"" : key;
    bool is_done = mac != NULL && EVP_MAC_init(mac, given, key_length, parameters) == 1
        && EVP_MAC_update(mac, text, length) == 1 && EVP_MAC_final(mac, code, &written, 32) == 1 && written == 32;
    EVP_MAC_CTX_free(mac);
    return is_done;
}

bool openssl_ed25519_public_key(const uint8_t *seed, uint8_t *public_key) {
    if (!is_prepared()) return false;
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key_ex(context, "ED25519", NULL, seed, 32);
    size_t length = 32;
    bool is_done = key != NULL && EVP_PKEY_get_raw_public_key(key, public_key, &length) == 1 && length == 32;
    EVP_PKEY_free(key);
    return is_done;
}

bool openssl_ed25519_sign(const uint8_t *seed, const uint8_t *text, size_t length, uint8_t *signature) {
    if (!is_prepared()) return false;
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key_ex(context, "ED25519", NULL, seed, 32);
    EVP_MD_CTX *signer = EVP_MD_CTX_new();
    size_t written = 64;
    bool is_done = key != NULL && signer != NULL
        && EVP_DigestSignInit_ex(signer, NULL, NULL, context, NULL, key, NULL) == 1
        && EVP_DigestSign(signer, signature, &written, text, length) == 1 && written == 64;
    EVP_MD_CTX_free(signer);
    EVP_PKEY_free(key);
    return is_done;
}

bool openssl_ed25519_verify(
    const uint8_t *public_key, const uint8_t *text, size_t length, const uint8_t *signature, size_t signature_length) {
    if (!is_prepared()) return false;
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key_ex(context, "ED25519", NULL, public_key, 32);
    EVP_MD_CTX *verifier = EVP_MD_CTX_new();
    bool is_valid = key != NULL && verifier != NULL
        && EVP_DigestVerifyInit_ex(verifier, NULL, NULL, context, NULL, key, NULL) == 1
        && EVP_DigestVerify(verifier, signature, signature_length, text, length) == 1;
    EVP_MD_CTX_free(verifier);
    EVP_PKEY_free(key);
    return is_valid;
}
