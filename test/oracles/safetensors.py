"""Reads and writes safetensors files by the public description of the format, with NumPy alone.

safetensors.py read FILE    one line a tensor: name, type, shape, values as hexadecimal little-endian doubles
safetensors.py write FILE   one 2 x 2 tensor of each type, named as its type
"""
import json
import struct
import sys

import numpy as np

TYPES = {'F64': '<f8', 'F32': '<f4', 'F16': '<f2', 'I64': '<i8', 'I32': '<i4', 'I16': '<i2', 'I8': 'i1',
         'U64': '<u8', 'U32': '<u4', 'U16': '<u2', 'U8': 'u1', 'BOOL': '?'}


def read(path):
    raw = open(path, 'rb').read()
    (length,) = struct.unpack_from('<Q', raw)
    assert (8 + length) % 8 == 0 and raw[8:9] == b'{'
    header = json.loads(raw[8:8 + length].decode('utf-8'))
    values = raw[8 + length:]
    header.pop('__metadata__', None)
    covered = 0
    for name, tensor in header.items():
        begin, end = tensor['data_offsets']
        assert begin == covered
        covered = end
        a = np.frombuffer(values[begin:end], TYPES[tensor['dtype']]).reshape(tensor['shape'])
        print(name, a.dtype.name, 'x'.join(map(str, a.shape)), a.astype('<f8').tobytes().hex())
    assert covered == len(values)


def write(path):
    header, values = {}, b''
    for name in list(TYPES) + ['BF16']:
        numbers = [0, 1, 0, 1] if name == 'BOOL' else [0, 1, 2, 100] if name[0] == 'U' else [0, 1, -2, 100] if name[0] == 'I' else [0, 1, -2.5, 100]
        if name == 'BF16':
            data = (np.array(numbers, '<f4').view('<u4') >> 16).astype('<u2').tobytes()
        else:
            data = np.array(numbers, TYPES[name]).tobytes()
        header[name] = {'dtype': name, 'shape': [2, 2], 'data_offsets': [len(values), len(values) + len(data)]}
        values += data
    # Readers may not rely on the order of the keys.
    text = json.dumps(dict(reversed(header.items()))).encode()
    open(path, 'wb').write(struct.pack('<Q', len(text)) + text + values)


{'read': read, 'write': write}[sys.argv[1]](sys.argv[2])
