# Makes the files of this folder with pyarrow (26.0): row i of every column follows from i alone, and every fifth is NULL.
import decimal
import functools
import pyarrow as pa
import pyarrow.parquet as pq

# Without Arrow's own schema beside Parquet's: half of such small files.
pq.write_table = functools.partial(pq.write_table, store_schema=False)
N = 150
D = decimal.Decimal


def some(make):
    return [None if i % 5 == 2 else make(i) for i in range(N)]


def ints(type):
    return pa.array(some(lambda i: i * 3 - 100), type)


flat = {
    'i8': pa.array(some(lambda i: i % 100 - 50), pa.int8()),
    'i16': ints(pa.int16()),
    'i32': ints(pa.int32()),
    'i64': ints(pa.int64()),
    'u8': pa.array(some(lambda i: i % 256), pa.uint8()),
    'u32': pa.array(some(lambda i: 4294967295 - i), pa.uint32()),
    'u64': pa.array(some(lambda i: 18446744073709551615 - i), pa.uint64()),
    'f32': pa.array(some(lambda i: i / 4), pa.float32()),
    'f64': pa.array(some(lambda i: i / 8 - 5), pa.float64()),
    'b': pa.array(some(lambda i: i // 20 % 2 == 0), pa.bool_()),
    'd5': pa.array(some(lambda i: D(i * 7 - 900).scaleb(-2)), pa.decimal128(5, 2)),
    'd30': pa.array(some(lambda i: D((i - 70) * 10**25).scaleb(-4, decimal.Context(prec=40))), pa.decimal128(30, 4)),
    'date': pa.array(some(lambda i: i * 100 - 9000), pa.int32()).cast(pa.date32()),
    't_ms': pa.array(some(lambda i: i * 1000), pa.int32()).cast(pa.time32('ms')),
    't_ns': pa.array(some(lambda i: i * 1000000), pa.int64()).cast(pa.time64('ns')),
    'ts_ms': pa.array(some(lambda i: i * 86400001), pa.int64()).cast(pa.timestamp('ms')),
    'ts_ns': pa.array(some(lambda i: i * 86400001), pa.int64()).cast(pa.timestamp('ns')),
    'tz': pa.array(some(lambda i: i * -86400001), pa.int64()).cast(pa.timestamp('us', 'UTC')),
    's': pa.array(some(lambda i: ['alpha', 'βήτα', '', 'delta'][i % 4]), pa.string()),
    'u': pa.array(some(lambda i: f'common prefix {i * 7919 % 1000}'), pa.string()),
    'bin': pa.array(some(lambda i: bytes([i % 256] * (i % 4))), pa.binary()),
    'fixed': pa.array(some(lambda i: bytes([i % 256, 1, 2])), pa.binary(3)),
}
table = pa.table(flat)
integers = ['i8', 'i16', 'i32', 'i64', 'u8', 'u32', 'u64', 'date', 't_ms', 't_ns', 'ts_ms', 'ts_ns', 'tz']
delta = {c: 'DELTA_BINARY_PACKED' for c in integers}
delta |= {'s': 'DELTA_LENGTH_BYTE_ARRAY', 'u': 'DELTA_BYTE_ARRAY', 'bin': 'DELTA_BYTE_ARRAY', 'fixed': 'DELTA_BYTE_ARRAY'}
delta |= {'f32': 'BYTE_STREAM_SPLIT', 'f64': 'BYTE_STREAM_SPLIT', 'd30': 'BYTE_STREAM_SPLIT', 'b': 'RLE'}
split = {c: 'BYTE_STREAM_SPLIT' for c in integers}

pq.write_table(table, 'dictionary-v1.parquet', compression='snappy', data_page_size=600, row_group_size=120, write_statistics=False)
pq.write_table(table, 'dictionary-v2-zstd.parquet', compression='zstd', data_page_version='2.0')
pq.write_table(table, 'plain-v1-gzip.parquet', compression='gzip', use_dictionary=False, data_page_size=300)
pq.write_table(table, 'plain-v2-brotli.parquet', compression='brotli', use_dictionary=False, data_page_version='2.0')
pq.write_table(table, 'delta-v1-lz4.parquet', compression='lz4', use_dictionary=False, column_encoding=delta)
pq.write_table(table, 'delta-v2.parquet', compression='none', use_dictionary=False, column_encoding=delta, data_page_version='2.0', data_page_size=400)
pq.write_table(table, 'split.parquet', use_dictionary=False, column_encoding=split, store_decimal_as_integer=True)
pq.write_table(pa.table({'ts': pa.array([0, 1500000, None, -1000], pa.timestamp('us')), 'n': pa.nulls(4), 'h': pa.array([1.5, -0.25, None, 65504], pa.float16())}),
               'odd-types.parquet', use_deprecated_int96_timestamps=True)

rows = [{
    'l': None if i % 5 == 0 else [None if k == 1 else i + k for k in range(i % 4)],
    's': None if i % 7 == 0 else {'a': i, 'b': None if i % 3 == 0 else {'c': [str(i)] * (i % 3)}},
    'm': None if i % 6 == 0 else [(f'k{k}', i if k % 2 else None) for k in range(i % 3)],
    'll': None if i % 4 == 0 else [[i] * k for k in range(i % 3)],
} for i in range(60)]
schema = pa.schema([
    ('l', pa.list_(pa.int32())),
    ('s', pa.struct([('a', pa.int64()), ('b', pa.struct([('c', pa.list_(pa.string()))]))])),
    ('m', pa.map_(pa.string(), pa.int32())),
    ('ll', pa.list_(pa.list_(pa.int32()))),
])
nested = pa.Table.from_pylist(rows, schema=schema)
pq.write_table(nested, 'nested-v1.parquet', data_page_size=50, write_batch_size=7, row_group_size=35)
pq.write_table(nested, 'nested-v2-legacy.parquet', data_page_version='2.0', use_compliant_nested_type=False, use_dictionary=False)
