"""Kubernetes objects as people write them: comments, odd indentation, quotes."""

DEPLOYMENT = """\
# The service. Edited by hand, so keep the comments.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app   # also the label
spec:
  replicas: 2
  selector:
    matchLabels: {app.kubernetes.io/name: app}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app
    spec:
      containers:
      - name: app
        image: "registry.example/team/app:1.4.1"   # set by the pipeline
        ports:
          - {name: http, containerPort: 8080}
        env:
        - name: LOG_LEVEL
          value: info
        - name: DATABASE_URL
          valueFrom: {configMapKeyRef: {name: app-config, key: DATABASE_URI}}
        resources:
          requests: { memory: 256Mi, cpu: 250m }
          limits:
            memory: 512Mi   # measured in May
        livenessProbe:
          httpGet: {path: /healthz, port: 8081}
          periodSeconds: 5
        readinessProbe:
          httpGet:
            path: /readyz
            port: http
          timeoutSeconds: 1
"""

SERVICE = """\
---
apiVersion: v1
kind: Service
metadata: {name: app}
spec:
  selector: {app.kubernetes.io/name: api}
  ports:
  - {name: http, port: 80, targetPort: 9090}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: app-config}
data:
  DATABASE_URL: postgres://db/app
  LEVEL: "1"
"""

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: app
spec:
  rules:
  - http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: ap, port: {number: 80}}}
"""

KUSTOMIZATION = """\
resources: [../../base]
images:
- name: registry.example/team/app
  newTag: 1.4.1
replicas:
- name: app
  count: 3
"""
