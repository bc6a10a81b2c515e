/** Of every key of KMS: SubjectPublicKeyInfo of a point on P-256. */
export const PUBLIC_KEY =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECJsE92zm+p/xwmGZsRAIy9XnlDxzvLY+VAOtvMXqFtiA4Fo4ou3BBGLlzYjM4fm0423vy6EUFq9kC0UIrYPGFw==";
